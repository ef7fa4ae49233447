import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/settings', page: () => import('./Settings.svelte'), title: 'shell.nav.settings', nav: 'settings' },
];
