// All stories, in the order in which they begin: what takes longest first.
import erase from './erase.mjs';
import evidence from './evidence.mjs';
import hostile from './hostile.mjs';
import idle from './idle.mjs';
import keyboard from './keyboard.mjs';
import list from './list.mjs';
import login from './login.mjs';
import pages from './pages.mjs';
import release from './release.mjs';
import tracing from './tracing.mjs';
import verify from './verify.mjs';

export const STORIES = [pages, hostile, tracing, list, release, erase, keyboard, login, evidence, verify, idle];
