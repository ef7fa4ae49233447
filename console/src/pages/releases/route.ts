import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/releases', page: () => import('./Releases.svelte'), title: 'shell.nav.releases', nav: 'releases' },
  { path: '/releases/:id', page: () => import('./ReleasePage.svelte'), title: 'releases.one', nav: 'releases' },
];
