// What a page is to somebody who reads it at 200 % in colours of their own (forced colours): no text is cut off, all
// that takes the focus shows that it has it and is in sight, drawings are in the reader's colours, and what is chosen
// differs from its neighbours by more than its ground. Problems, in lines.

// 200 %: half as many pixels of CSS.
export async function with_poor_sight(page, look) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 640, height: 450 });
  await page.emulateMedia({ forcedColors: 'active' });
  try {
    return await look();
  } finally {
    await page.emulateMedia({ forcedColors: 'none' });
    await page.setViewportSize(before);
  }
}

export async function unseen(page) {
  const problems = await page.evaluate(() => [...globalThis.cut_off(), ...globalThis.foreign_paints(), ...globalThis.alike()]);
  // By the keyboard, so that the browser shows the focus.
  await page.keyboard.press('Tab');
  return [...problems, ...(await page.evaluate(() => globalThis.unseen_focus()))].slice(0, 12);
}

// Defines what the page is asked; it is read by the page, so that it uses nothing of this file.
export function in_page() {
  const name = (element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 50)}`;
  const up = function* (element) {
    for (let one = element; one; one = one.parentElement) yield one;
  };
  // For those who listen only.
  const is_hidden = (element) => !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ||
    [...up(element)].some((one) => getComputedStyle(one).clipPath === 'inset(50%)');
  const SLACK = 2; // pixels; letters reach over their boxes

  function cutter(element, text) {
    let across = true, down = true; // no scrolling box was on the way
    for (const one of up(element)) {
      if (one === document.body) break;
      const style = getComputedStyle(one), box = one.getBoundingClientRect();
      if (style.display === 'inline' || style.display === 'contents') continue;
      if (across && /hidden|clip/.test(style.overflowX) && (text.left < box.left - SLACK || text.right > box.right + SLACK)) return one;
      if (down && /hidden|clip/.test(style.overflowY) && (text.top < box.top - SLACK || text.bottom > box.bottom + SLACK)) return one;
      if (/auto|scroll/.test(style.overflowX)) across = false;
      if (/auto|scroll/.test(style.overflowY)) down = false;
      if (style.position === 'fixed' && ((across && (text.left < -SLACK || text.right > innerWidth + SLACK)) || (down && (text.top < -SLACK || text.bottom > innerHeight + SLACK)))) return one;
    }
    return text.left + scrollX < -SLACK && across && document.documentElement.dir !== 'rtl' ? document.body : undefined;
  }
  globalThis.cut_off = () => {
    const problems = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === '' || is_hidden(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const text = range.getBoundingClientRect();
      const by = text.width > 0 && cutter(element, text);
      if (by) problems.push(`cut off: "${node.data.trim().slice(0, 50)}" by ${name(by)}`);
    }
    return problems;
  };

  const SYSTEM = ['Canvas', 'CanvasText', 'LinkText', 'VisitedText', 'ActiveText', 'ButtonFace', 'ButtonText', 'ButtonBorder', 'Field', 'FieldText',
    'Highlight', 'HighlightText', 'SelectedItem', 'SelectedItemText', 'Mark', 'MarkText', 'GrayText'];
  const system = new Map();
  const probe = document.body.appendChild(document.createElement('i'));
  for (const one of SYSTEM) {
    probe.style.color = one;
    system.set(one, getComputedStyle(probe).color);
  }
  probe.remove();

  // What an element looks like without its ground; as a shape: without colours too, but for a line that its colour hides.
  const SIDES = ['borderTop', 'borderRight', 'borderBottom', 'borderLeft', 'outline'];
  const line = (style, side) => (style[`${side}Style`] === 'none' || style[`${side}Color`] === system.get('Canvas') ? '' : `${style[`${side}Width`]} ${style[`${side}Style`]}`);
  const shape = (element) => {
    const style = getComputedStyle(element);
    return [...SIDES.map((side) => line(style, side)), style.fontWeight, style.textDecorationLine, element.querySelectorAll('svg').length].join();
  };
  const look = (element) => {
    const style = getComputedStyle(element);
    return [shape(element), style.color, ...SIDES.map((side) => line(style, side) && style[`${side}Color`]), style.stroke, style.strokeWidth].join();
  };

  const CHOSEN = ['aria-selected', 'aria-pressed', 'aria-current', 'aria-checked', 'aria-disabled'];
  const is_on = (element, state) => !['false', null].includes(element.getAttribute(state));
  const kind_of = (element) => (element.getAttribute('class') ?? '').split(' ').filter((one) => !['here', 'active', 'chosen'].includes(one)).sort().join(' ');
  globalThis.alike = () => CHOSEN.flatMap((state) => [...document.querySelectorAll(`[${state}]`)].filter((one) => is_on(one, state) && !is_hidden(one)).flatMap((one) => {
    const list = one.closest('[role=tablist], [role=listbox], [role=group], ul, ol, nav, form, dialog, main');
    const others = [...(list ?? document.body).querySelectorAll(one.tagName)].filter((other) =>
      other !== one && kind_of(other) === kind_of(one) && !is_on(other, state) && !is_hidden(other));
    // What cannot be used is grey by custom.
    const whole = (each) => (state === 'aria-disabled' ? look(each) : shape(each) + shape(each.parentElement));
    return others.length > 0 && others.every((other) => whole(other) === whole(one)) ? [`${state}: looks as its neighbours: ${name(one)}`] : [];
  }));

  // Drawings keep the colours they were given: these have to be the reader's.
  globalThis.foreign_paints = () => {
    const known = new Set(system.values());
    const found = new Set();
    for (const drawn of document.querySelectorAll('svg :is(path, circle, rect, line, polygon, polyline, ellipse, text)')) {
      const style = getComputedStyle(drawn);
      if (style.forcedColorAdjust === 'none' || is_hidden(drawn.ownerSVGElement)) continue;
      for (const paint of ['fill', 'stroke']) {
        if (!style[paint].startsWith('rgb') || /, 0\)$/.test(style[paint]) || known.has(style[paint])) continue;
        found.add(`a colour of our own: ${paint} ${style[paint]} of ${drawn.outerHTML.slice(0, 60)} in ${name(drawn.ownerSVGElement.parentElement)}`);
      }
    }
    return [...found];
  };

  // The element, what is drawn in it, and what it stands in can show the focus.
  const around = (element) => [element, ...element.querySelectorAll('svg *'), ...(element.closest('svg') ? element.querySelectorAll('*') : []),
    ...[...up(element.parentElement)].slice(0, 2), ...(element.labels ?? [])];
  // What lies over all of it, or undefined.
  function cover(element) {
    const box = element.getBoundingClientRect();
    if (box.width <= SLACK || box.height <= SLACK) return undefined; // a hidden box: its label shows it
    const left = Math.max(box.left, 0), top = Math.max(box.top, 0), width = Math.min(box.right, innerWidth) - left, height = Math.min(box.bottom, innerHeight) - top;
    const there = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].map(([x, y]) => document.elementFromPoint(left + width * x, top + height * y));
    const is_its_own = (one) => one && (element.contains(one) || one.closest('label')?.control === element);
    return there.some(is_its_own) ? undefined : (there.find((one) => one) ?? document.documentElement);
  }
  globalThis.unseen_focus = () => {
    const problems = [];
    let tried = 0;
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((one) => !is_hidden(one));
    for (const element of all) {
      document.activeElement?.blur();
      const shown = around(element), before = shown.map(look);
      element.focus();
      if (document.activeElement !== element) continue; // behind a window that is open
      tried += 1;
      if (!shown.some((one, i) => look(one) !== before[i])) problems.push(`focus does not show: ${name(element)}`);
      const by = cover(element);
      if (by) problems.push(`has the focus out of sight: ${name(element)}, behind ${name(by)}`);
    }
    if (tried === 0) problems.push('nothing takes the focus');
    return problems;
  };
}
