// The verifier as a page: what page.html holds, filled and answered. Nothing leaves it; texts are
// set as text, so nothing of a bundle becomes markup.
import { checkBundle } from './lib/check.mjs';
import { readRoot } from './lib/roots.mjs';
import { Words, isRightToLeft, kLanguages, parseWords } from './lib/words.mjs';

const kNames = { en: 'English', fr: 'Français', es: 'Español', ru: 'Русский', zh: '中文', ar: 'العربية' };

// document: of the page. tsv: the words. Answers show(bytes), for tests.
export function startPage(document, tsv) {
  const tables = parseWords(tsv);
  const of = (id) => document.getElementById(id);
  let bytes = null;
  let words = new Words(tables, 'en');

  // The fingerprints of the lines that hold one; the first line that does not is told.
  function roots() {
    const out = new Map();
    let bad = '';
    for (const line of of('roots').value.split('\n')) {
      if (line.trim() === '') continue;
      const root = readRoot(line.startsWith('FOCAL:') ? line : line.trim());
      const isOther = root !== null && out.has(root.party);
      if (root === null || isOther) bad ||= line;
      else out.set(root.party, root.fp);
    }
    of('bad').textContent = bad === '' ? '' : words.fill('page.badroot', { line: bad });
    return bad === '' ? out : null;
  }

  function show() {
    const given = roots();
    of('claims').textContent = '';
    if (bytes === null || given === null) {
      of('whole').textContent = words.word('page.waiting');
      return;
    }
    const verdict = checkBundle(bytes, given);
    of('whole').textContent = words.word(`whole.${verdict.verdict}`);
    for (const c of verdict.claims) {
      const line = document.createElement('li');
      line.className = c.verdict;
      line.textContent = words.told(c);
      of('claims').append(line);
    }
  }

  function speak(language) {
    words = new Words(tables, language);
    document.documentElement.lang = language;
    document.documentElement.dir = isRightToLeft(language) ? 'rtl' : 'ltr';
    document.title = words.word('page.title');
    const texts = {
      title: 'page.title', offline: 'page.offline', 'language-label': 'page.language', 'roots-label': 'page.roots',
      'drop-words': 'page.drop',
    };
    for (const [id, word] of Object.entries(texts)) of(id).textContent = words.word(word);
    show();
  }

  async function take(file) {
    if (!file) return;
    bytes = new Uint8Array(await file.arrayBuffer());
    show();
  }

  for (const language of kLanguages) {
    const option = document.createElement('option');
    option.value = language;
    option.textContent = kNames[language];
    of('language').append(option);
  }
  of('language').addEventListener('change', () => speak(of('language').value));
  of('roots').addEventListener('input', show);
  of('file').addEventListener('change', () => take(of('file').files[0]));
  const drop = of('drop');
  const over = (is) => (event) => {
    event.preventDefault();
    drop.classList.toggle('over', is);
  };
  drop.addEventListener('dragover', over(true));
  drop.addEventListener('dragleave', over(false));
  drop.addEventListener('drop', (event) => {
    over(false)(event);
    return take(event.dataTransfer.files[0]);
  });
  speak('en');
  return { show: (data) => { bytes = data; show(); } };
}
