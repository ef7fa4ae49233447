// All stories, in the order in which they run.
import tracing from './tracing.mjs';

export const STORIES = [tracing];
