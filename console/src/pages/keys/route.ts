import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/keys', page: () => import('./Keys.svelte'), title: 'shell.nav.keys', nav: 'keys' },
];
