import { mount } from 'svelte';
import App from './app/App.svelte';
import { start } from './app/start';
import './ui/tokens.css';
import './ui/base.css';

void start().then(() => mount(App, { target: document.getElementById('app')! }));
