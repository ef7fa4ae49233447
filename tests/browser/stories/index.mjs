// All stories, in the order in which they run.
import idle from './idle.mjs';
import login from './login.mjs';
import evidence from './evidence.mjs';
import release from './release.mjs';
import tracing from './tracing.mjs';
import verify from './verify.mjs';

export const STORIES = [tracing, release, evidence, verify, login, idle];
