// What a peer that means harm, or only writes another script, puts into a text.
const RLO = '\u202e', PDF = '\u202c', ZWSP = '\u200b', BOM = '\ufeff', LRI = '\u2066';

export const HOSTILE = {
  script: '<script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">',
  attribute: '" onmouseover="document.title=\'owned\'" x="',
  link: 'javascript:document.title="owned"',
  bidi: `Pistol ${RLO}fdp.exe${PDF} seized at the border${LRI}`,
  zero_width: `DA${ZWSP}0173${BOM}42`,
  cyrillic: 'Аrsenal Dеlta (with Cyrillic letters)',
  long_word: 'Unbreakable' + 'abcdefghij'.repeat(19),
  accents: 'Z' + '\u0301\u0316\u0322\u0334\u0345\u035a\u0360\u0322'.repeat(4) + 'algo',
  arabic: 'طلب تعقب مسدس ضُبط عند معبر حدودي، رقمه DA017342 (مقروء جزئيا)',
  hebrew_and_numbers: 'אקדח מס׳ 5268841 – 9x19',
  chinese: '在边境口岸查获的两支武器：追查请求，序列号５２６８８４１',
  russian: 'Запрос о двух единицах оружия, изъятых на границе',
  message_format: '{n, plural, one {#} other {#}} {{{x}}}',
  lines: 'First line\nsecond line\r\nthird\tline\u0000end',
};

/** A text for the number: mostly the plain one, every so often one of these. */
export function sometimes_hostile(n, plain) {
  const all = Object.values(HOSTILE);
  return n % 9 === 4 ? all[Math.floor(n / 9) % all.length] : plain;
}
