// Goal: nothing stays hidden in a text, and honest texts stay as they are. Method: cases, as in
// tests/unit/desk (text_marks), written anew.
import { describe, expect, it } from 'vitest';
import { mark_text } from './marks';

const text = (source: string) => mark_text(source).text;
describe('marks', () => {
  it.each(['Two weapons', 'طلب تعقب مسدس', '在边境口岸查获', 'Запрос об оружии', 'אקדח', 'café e\u0301', 'नमस्\u200dते', 'line\nline', '❤\ufe0f', '\u0600١٢'])('%s is left alone', (source) => {
    expect(mark_text(source)).toEqual({ text: source, control_characters: false, look_alikes: false });
  });
  it('writes out what cannot be seen', () => {
    expect(text('a\u202eb')).toBe('a⟨U+202E⟩b');
    expect(text('DA\u200b01')).toBe('DA⟨U+200B⟩01');
    expect(text('x\u200dy')).toBe('x⟨U+200D⟩y');
    expect(text('a\u0000\u2028')).toBe('a⟨U+0000⟩⟨U+2028⟩');
    expect(text('\u{e0041}')).toBe('⟨U+E0041⟩');
    expect(text('tab\there\r\nend')).toBe('tab here\nend');
    expect(text('\ud800x')).toBe('⟨U+D800⟩x');
    expect(text('Z' + '\u0301'.repeat(6))).toBe('Z' + '\u0301'.repeat(4) + '⟨U+0301⟩⟨U+0301⟩');
  });
  it('warns of look-alikes within a word, not between words', () => {
    expect(mark_text('Аrsenal').look_alikes).toBe(true);
    expect(mark_text('Арсенал Delta').look_alikes).toBe(false);
    expect(mark_text('12١٣').look_alikes).toBe(true);
    expect(mark_text('ＤＡ01').look_alikes).toBe(true);
    expect(mark_text('𝐀rms').look_alikes).toBe(true);
  });
});
