import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/cases/:case_number', page: () => import('./CasePage.svelte'), title: 'case.title', nav: 'inbox' },
];
