// The page as a browser would run it: its script in a realm of its own, with a document that
// knows no more than the page asks of it.
import vm from 'node:vm';

class Element {
  constructor(name) {
    Object.assign(this, { name, value: '', className: '', text: '', children: [], files: [], listeners: {} });
    this.classList = { toggle() {} };
  }
  get textContent() { return this.text + this.children.map((c) => c.textContent).join('\n'); }
  set textContent(text) {
    this.text = text;
    this.children = [];
  }
  append(child) { this.children.push(child); }
  addEventListener(name, listener) { this.listeners[name] = listener; }
  fire(name, event = { preventDefault() {} }) { return this.listeners[name](event); }
}

export class Page {
  constructor(html) {
    this.html = html;
    const found = /<script>([\s\S]*)<\/script>/.exec(html);
    this.script = found[1];
    this.markup = html.replace(found[0], '');
    const ids = [...this.markup.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
    this.elements = new Map(ids.map((id) => [id, new Element(id)]));
    const document = {
      documentElement: {}, title: '',
      getElementById: (id) => this.elements.get(id), createElement: (name) => new Element(name),
    };
    this.document = document;
    // No fetch, no XMLHttpRequest, no WebSocket: what asks for them throws.
    const realm = vm.createContext({ document, TextEncoder, TextDecoder, btoa, atob });
    vm.runInContext(this.script, realm);
  }
  of(id) { return this.elements.get(id); }
  async drop(bytes) {
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    await this.of('drop').fire('drop', { preventDefault() {}, dataTransfer: { files: [{ arrayBuffer: async () => data }] } });
  }
  type(roots) {
    this.of('roots').value = roots;
    this.of('roots').fire('input');
  }
  choose(language) {
    this.of('language').value = language;
    this.of('language').fire('change');
  }
  get told() { return this.of('claims').children.map((c) => `${c.className}\t${c.textContent}`); }
}
