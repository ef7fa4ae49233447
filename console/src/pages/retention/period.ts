// How long content is kept, as the node writes it: "10 years", "1 year", "18 months", "90 days", "never".
export interface Period {
  count: number;
  unit: 'day' | 'month' | 'year';
}

const PERIOD = /^([1-9]\d{0,5}) (day|month|year)s?$/;

/** undefined: what this console does not know is shown as the node wrote it. */
export function period_of(text: string): Period | 'never' | undefined {
  if (text === 'never') return 'never';
  const found = PERIOD.exec(text);
  return found ? { count: Number(found[1]), unit: found[2] as Period['unit'] } : undefined;
}
