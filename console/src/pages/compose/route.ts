import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/compose', page: () => import('./Compose.svelte'), title: 'compose.title', nav: 'compose' },
  { path: '/drafts', page: () => import('./DraftsPage.svelte'), title: 'compose.drafts.title', nav: 'compose' },
];
