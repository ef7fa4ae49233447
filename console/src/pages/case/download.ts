// A file that the browser saves: made here, asked of nobody.

/** Bytes of base64 as the API writes it. Throws on what is none. */
export function bytes_of(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Pages of a file, by their place, joined; nothing if one is missing. */
export function joined(pages: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> | undefined {
  const out = new Uint8Array(size);
  let at = 0;
  for (const page of pages) {
    if (at + page.length > size) return undefined;
    out.set(page, at);
    at += page.length;
  }
  return at === size ? out : undefined;
}

export async function sha256_of(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', data);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Safe as the name of a file anywhere. */
export const file_name = (words: string): string => words.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 80);

export function save(data: BlobPart, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([data], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
