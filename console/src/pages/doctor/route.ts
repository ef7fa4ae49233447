import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/doctor', page: () => import('./Doctor.svelte'), title: 'shell.nav.doctor', nav: 'doctor' },
];
