import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { messages } from './scripts/messages_plugin.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [svelte(), messages(here('messages'))],
  // The texts come parsed (scripts/catalogue.mjs).
  resolve: {
    alias: {
      $src: here('src'),
      '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js',
    },
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the content policy of the node allows no data: scripts or styles
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    // Another server of this folder (scripts/dev_server.mjs) answers the API.
    proxy: { '/v1': `http://127.0.0.1:${process.env.FOCAL_STUB_PORT ?? '8788'}` },
  },
  test: { include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'], environment: 'node' },
});
