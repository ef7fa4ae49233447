// Renders a compiled message (scripts/compile_message.mjs). The same words as intl-messageformat makes of the
// text: render.test.ts holds every message of the catalogues to that.
export type Part = string | 0 | [string] | [string, 'n'] | [string, 's', Options] | [string, 'p' | 'o', Options, number];
interface Options {
  [name: string]: Part[];
}
export type Message = string | Part[];
export type Args = Record<string, string | number>;

const plurals = new Map<string, Intl.PluralRules>();
const numbers = new Map<string, Intl.NumberFormat>();

function rules(locale: string, type: Intl.PluralRuleType): Intl.PluralRules {
  const id = `${type} ${locale}`;
  let one = plurals.get(id);
  if (!one) plurals.set(id, (one = new Intl.PluralRules(locale, { type })));
  return one;
}
function number(locale: string, value: number): string {
  let one = numbers.get(locale);
  if (!one) numbers.set(locale, (one = new Intl.NumberFormat(locale)));
  return one.format(value);
}

export function render(message: Message, locale: string, args: Args = {}): string {
  return typeof message === 'string' ? message : parts(message, locale, args, 0);
}

function parts(message: Part[], locale: string, args: Args, count: number): string {
  return message.map((part) => {
    if (typeof part === 'string') return part;
    if (part === 0) return number(locale, count);
    const value = args[part[0]];
    if (value === undefined) return `{${part[0]}}`; // the checks keep this from happening
    if (part.length === 1) return String(value);
    if (part[1] === 'n') return number(locale, Number(value));
    const options = part[2] as Options;
    if (part[1] === 's') return parts(options[String(value)] ?? options['other'] ?? [], locale, args, count);
    const offset = part[3] ?? 0;
    const form = rules(locale, part[1] === 'o' ? 'ordinal' : 'cardinal').select(Number(value) - offset);
    return parts(options[`=${value}`] ?? options[form] ?? options['other'] ?? [], locale, args, Number(value) - offset);
  }).join('');
}
