// The fields of proto/api.proto TimelineEntry that the pictures need, as JSON gives them.
export interface LeafFacts {
  log?: string;
  index?: string | number;
  published_at?: string;
  witnesses?: readonly { party?: string; at?: string }[];
}
export interface DeliveryFacts {
  party?: string;
  state?: string;
  code?: string;
  text?: string;
  outbox_id?: string;
  stored_at?: string;
  opened_at?: string;
  leaf?: LeafFacts | undefined;
}
export interface TimelineFacts {
  at?: string;
  from?: string;
  kind?: string;
  effect?: string;
  rid?: string;
  delivery?: readonly DeliveryFacts[];
  received_at?: string;
  released_by?: string;
  released_at?: string;
  opened_at?: string;
  leaf?: LeafFacts | undefined;
}

// A record in the timeline: what the API says, and how the page calls it.
export interface TimelineRow {
  facts: TimelineFacts;
  title: string;
  from_name: string;
  summary: string;       // one line of the node, with words of whoever wrote the record
  summary_lang: string;
  effect_text: string;   // empty: it takes effect
}
