// Comma-separated values as they are written: UTF-8 with a mark, CRLF, and no cell that a spreadsheet
// takes for a formula.
export const starts_formula = (text: string): boolean => /^['\s]*[=+\-@＝＋－＠]/.test(text);

function cell(text: string): string {
  const safe = starts_formula(text) ? `'${text}` : text;
  return /[",;\t\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function write_csv(rows: readonly (readonly string[])[], separator = ','): string {
  return '\ufeff' + rows.map((row) => row.map(cell).join(separator) + '\r\n').join('');
}
