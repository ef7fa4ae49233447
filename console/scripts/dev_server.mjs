// The console over a stub of the API: everything can be looked at without a node. Serves dist/ (or with
// --vite the sources) and answers /v1 from fixtures/. Loopback only.
//   node scripts/dev_server.mjs [--port 8788] [--cases 10000] [--vite] [--slow MS]
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Api } from './stub/api.mjs';
import { serve_file } from './stub/files.mjs';
import { World } from './stub/world.mjs';

export async function start({ port, cases, vite = false, slow = 0, dist = '' }) {
  const api = new Api(new World({ cases }), slow);
  const assets = vite ? await vite_middleware() : undefined;
  const server = createServer((request, response) => {
    if (request.url.startsWith('/v1/')) void api.handle(request, response);
    else if (assets) assets(request, response);
    else serve_file(request, response, dist);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, api, url: `http://127.0.0.1:${server.address().port}` };
}

async function vite_middleware() {
  const { createServer: create } = await import('vite');
  const vite = await create({ server: { middlewareMode: true }, appType: 'spa' });
  return vite.middlewares;
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8788' }, cases: { type: 'string', default: '10000' }, vite: { type: 'boolean', default: false },
      slow: { type: 'string', default: '0' }, dist: { type: 'string', default: '' },
    },
  });
  const { url } = await start({ port: Number(values.port), cases: Number(values.cases), vite: values.vite, slow: Number(values.slow), dist: values.dist });
  console.log(`${url}/#enter=demo  (or log in as jo, sam, ada, kim, ed, lee)`);
}
