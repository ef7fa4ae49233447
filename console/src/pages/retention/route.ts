import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/retention', page: () => import('./Retention.svelte'), title: 'shell.nav.retention', nav: 'retention' },
];
