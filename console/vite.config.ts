import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { messages } from './scripts/messages_plugin.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [svelte({ compilerOptions: { cssHash: ({ hash, css }) => `s${hash(css).slice(0, 5)}` } }), messages(here('messages'))],
  resolve: { alias: { $src: here('src') } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the content policy of the node allows no data: scripts or styles
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Three pieces: many small ones compress worse, and the node serves them over loopback. The first
        // is what the inbox needs.
        codeSplitting: {
          groups: [
            { name: 'main', test: /node_modules|route\.ts$|src\/(api|app|i18n|ui|pages\/(inbox|login))\//, priority: 3 },
            { name: 'casework', test: /src\/(forms|pages\/(case|compose|releases))\//, priority: 2 },
            { name: 'node', test: /src\/(pictures|pages)\//, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    // Another server of this folder (scripts/dev_server.mjs) answers the API.
    proxy: { '/v1': `http://127.0.0.1:${process.env.FOCAL_STUB_PORT ?? '8788'}` },
  },
  test: { include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'], environment: 'node' },
});
