import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/search', page: () => import('./Search.svelte'), title: 'shell.nav.search', nav: 'search' },
];
