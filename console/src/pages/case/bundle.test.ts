// Goal: what is saved is byte for byte what the node made, or nothing is saved. Method: a bundle of
// three pages; and each way in which pages can be wrong.
import { describe, expect, it } from 'vitest';
import { fetch_bundle } from './bundle';
import { file_name, joined, sha256_of } from './download';

const DATA = Uint8Array.from({ length: 250 }, (_, i) => i);
const SHA = await sha256_of(DATA);
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

interface Fields { target?: string; withhold?: string[]; offset?: string; bundle?: string }
function node(change: (page: Record<string, string>, offset: number) => void = () => undefined) {
  const asked: Fields[] = [];
  const ask = async (_: string, fields: Fields) => {
    asked.push(fields);
    const offset = Number(fields.offset ?? 0);
    const data = DATA.slice(offset, offset + 100);
    const page = { bundle: '7', size: '250', sha256: SHA, data: base64(data), next: offset + 100 < 250 ? String(offset + 100) : '0' };
    change(page, offset);
    return page;
  };
  return { ask: ask as never, asked };
}

describe('evidence bundle', () => {
  it('is hashed as everybody hashes', async () => {
    expect(await sha256_of(new Uint8Array(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('joins its pages', async () => {
    const { ask, asked } = node();
    const parts: number[] = [];
    const bundle = await fetch_bundle('T-3', ['trace.request'], (so_far) => parts.push(so_far), ask);
    expect(bundle.data).toEqual(DATA);
    expect(parts).toEqual([100, 200, 250]);
    expect(asked).toEqual([{ target: 'T-3', withhold: ['trace.request'] }, { bundle: '7', offset: '100' }, { bundle: '7', offset: '200' }]);
  });

  it('saves nothing that is not what was made', async () => {
    const wrong = (change: Parameters<typeof node>[0]) => fetch_bundle('T-3', [], () => undefined, node(change).ask);
    await expect(wrong((page, at) => { if (at === 100) page.data = base64(new Uint8Array(100)); })).rejects.toThrow('not the one that was made');
    await expect(wrong((page, at) => { if (at === 100) page.sha256 = 'f'.repeat(64); })).rejects.toThrow('changed while');
    await expect(wrong((page) => { page.next = '0'; })).rejects.toThrow('not as long');
    await expect(wrong((page) => { page.next = '50'; })).rejects.toThrow('do not follow');
    await expect(wrong((page) => { page.data = base64(new Uint8Array(300)); page.next = '0'; })).rejects.toThrow('not as long');
  });

  it('is named as a file can be named anywhere', () => {
    expect(file_name('T-3.focalproof')).toBe('T-3.focalproof');
    expect(file_name('../a b\u202e/c')).toBe('.._a_b_c');
    expect(joined([], 0)).toEqual(new Uint8Array(0));
  });
});
