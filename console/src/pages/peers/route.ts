import type { Route } from '../../app/router.svelte';

export const routes: Route[] = [
  { path: '/peers', page: () => import('./Peers.svelte'), title: 'shell.nav.peers', nav: 'peers' },
  { path: '/peers/:party', page: () => import('./PeerPage.svelte'), title: 'trust.peer', nav: 'peers' },
];
