import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/', page: () => import('./Inbox.svelte'), title: 'inbox.title', nav: 'inbox' },
];
