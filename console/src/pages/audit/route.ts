import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/audit', page: () => import('./Audit.svelte'), title: 'shell.nav.audit', nav: 'audit' },
  { path: '/audit/:leaf', page: () => import('./LeafPage.svelte'), title: 'audit.leaf', nav: 'audit' },
];
