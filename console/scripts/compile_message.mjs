// A message of ICU in the form that src/i18n/render.ts renders, so that no parser is shipped: text as it is;
// an array of parts where there is more: "text", 0 (the number of the plural around), [name], [name, "n"] a number,
// [name, "s", {option: parts}], [name, "p" or "o", {form: parts}, offset].
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';

/** @param {string} text @returns {string | unknown[]} */
export function compile_message(text) {
  if (!/[{'#]/.test(text)) return text;
  const parts = compile(parse(text, { ignoreTag: true }));
  return parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : parts;
}

function compile(parts) {
  return parts.map((part) => {
    switch (part.type) {
      case TYPE.literal: return part.value;
      case TYPE.pound: return 0;
      case TYPE.argument: return [part.value];
      case TYPE.number:
        if (part.style) break;
        return [part.value, 'n'];
      case TYPE.select: return [part.value, 's', options(part)];
      case TYPE.plural: return [part.value, part.pluralType === 'ordinal' ? 'o' : 'p', options(part), part.offset];
    }
    throw new Error(`a part that is not rendered: ${JSON.stringify(part).slice(0, 80)}`);
  });
}
const options = (part) => Object.fromEntries(Object.entries(part.options).map(([name, one]) => [name, compile(one.value)]));

/** Of a whole catalogue. */
export function compile_catalogue(catalogue) {
  return Object.fromEntries(Object.entries(catalogue).map(([key, text]) => {
    try {
      return [key, compile_message(text)];
    } catch (error) {
      throw new Error(`${key}: ${error.message}`);
    }
  }));
}
