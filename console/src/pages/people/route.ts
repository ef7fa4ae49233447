import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/people', page: () => import('./People.svelte'), title: 'shell.nav.people', nav: 'people' },
];
