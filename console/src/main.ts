import { mount } from 'svelte';
import App from './app/App.svelte';
import { start } from './app/start';
import { keys } from './app/keys.svelte';
import { fetch_all_languages } from './i18n/lang.svelte';
import './app/confirm.svelte';
import './ui/tokens.css';
import './ui/base.css';

void start().then(() => {
  mount(App, { target: document.getElementById('app')! });
  keys.start();
  // The other languages come when there is nothing else to do, so that a switch needs no waiting.
  setTimeout(() => void fetch_all_languages(), 3000);
});
