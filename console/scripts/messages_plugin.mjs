// One catalogue per language out of messages/<area>/<lang>.json: an asset of its own, so that a reader
// loads one language first and the script stays small. `virtual:messages` gives their addresses.
import { createHash } from 'node:crypto';
import { readCatalogue, LANGUAGES } from './catalogue.mjs';
import { compile_catalogue } from './compile_message.mjs';

const ID = 'virtual:messages';

/** @param {string} folder of the areas @returns {import('vite').Plugin} */
export function messages(folder) {
  let inline = false; // under vitest there is nobody to fetch from
  const files = () => new Map(LANGUAGES.map((lang) => {
    const text = JSON.stringify(compile_catalogue(readCatalogue(folder, lang)));
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
    return [lang, { name: `assets/messages-${lang}-${hash}.json`, text }];
  }));
  return {
    name: 'focal-messages',
    configResolved(config) {
      inline = config.mode === 'test';
    },
    resolveId: (id) => (id === ID ? '\0' + ID : null),
    load(id) {
      if (id !== '\0' + ID) return null;
      const all = files();
      if (this.environment?.mode === 'build' && !inline)
        for (const { name, text } of all.values())
          this.emitFile({ type: 'asset', fileName: name, source: text });
      const urls = Object.fromEntries([...all].map(([lang, f]) => [lang, '/' + f.name]));
      const texts = inline ? [...all].map(([lang, f]) => [lang, JSON.parse(f.text)]) : [];
      return `export const urls = ${JSON.stringify(urls)};\n` +
        `export const inline = ${JSON.stringify(Object.fromEntries(texts))};\n`;
    },
    configureServer(server) {
      server.watcher.add(folder);
      server.watcher.on('all', (_event, path) => {
        if (!path.startsWith(folder)) return;
        const module = server.moduleGraph.getModuleById('\0' + ID);
        if (module) server.moduleGraph.invalidateModule(module);
        server.ws.send({ type: 'full-reload' });
      });
      server.middlewares.use((request, response, next) => {
        const lang = /^\/assets\/messages-([a-z]{2})-/.exec(request.url ?? '')?.[1];
        if (!lang || !LANGUAGES.includes(lang)) return next();
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify(compile_catalogue(readCatalogue(folder, lang))));
      });
    },
  };
}
