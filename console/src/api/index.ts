export { call, type OperationName } from './call';
export { ApiError, as_api_error } from './problem';
export { Pages } from './pages.svelte';
export { Resource } from './resource.svelte';
export { on_topics, type Topic } from './events.svelte';
export type * from './generated/types';
