// The parties that this node knows: GET /v1/peers.
import { call, on_topics, type Peer } from '../../api';
import { country_label } from '../../i18n';
import type { Choice } from '../../forms/search';

class Peers {
  list = $state.raw<Peer[]>();

  /** Rejects with an ApiError. */
  async load(): Promise<void> {
    this.list = (await call('peer_list')).peers;
  }
  /** Loads again whenever something changes. Returns how to stop. */
  watch(): () => void {
    return on_topics(['peers'], () => void this.load().catch(() => undefined));
  }
}
export const peers = new Peers();

export function known_parties(): Choice[] {
  return (peers.list ?? []).map(({ party }) => ({ code: party, label: party_label(party) }));
}

export function party_label(party: string): string {
  const name = country_label(party);
  return name === party ? party : `${name} (${party})`;
}
