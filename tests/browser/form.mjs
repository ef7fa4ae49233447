// Fills in a form that the console made from the schema, by what a reader sees: headings of parts, labels of
// fields, words of codes.
export const exactly = (text) => new RegExp(`^\\s*${escaped(text)}\\s*$`);
export const begins = (text) => new RegExp(`^\\s*${escaped(text)}(\\s|$)`);
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export class Form {
  // within: the part of the page that the fields are looked for in.
  constructor(desk, within) {
    this.words = desk.words;
    this.desk = desk;
    this.within = within;
  }
  part(key) {
    return new Form(this.desk, this.desk.page.getByRole('region', { name: this.desk.t(key), exact: true }));
  }
  // A field of several controls.
  group(message, field) {
    return this.within.getByRole('group', { name: begins(this.words.field(message, field)) }).first();
  }
  inside(message, field) {
    return new Form(this.desk, this.group(message, field));
  }
  box(message, field) {
    return this.within.getByRole('textbox', { name: exactly(this.words.field(message, field)) });
  }

  async text(message, field, value) {
    await this.box(message, field).fill(value);
  }
  // H1, A and 4 are shown beside their words.
  #choice(message, field, code) {
    const label = this.words.code_in(message, field, code);
    return begins(/^([A-Z]?\d|[A-Z])$/.test(code) ? `${code} – ${label}` : label);
  }
  async one(message, field, code) {
    await this.group(message, field).getByRole('radio', { name: this.#choice(message, field, code) }).check();
  }
  async some(message, field, codes) {
    for (const code of codes) await this.group(message, field).getByRole('checkbox', { name: this.#choice(message, field, code) }).check();
  }
  // By typing a part of its name, and Enter.
  async pick(message, field, words) {
    const box = this.within.getByRole('combobox', { name: exactly(this.words.field(message, field)) });
    await box.fill(words);
    await this.desk.page.getByRole('option', { name: begins(words) }).first().waitFor();
    await box.press('Enter');
  }
  async pick_code(message, field, code) {
    await this.pick(message, field, this.words.code_in(message, field, code));
  }
  async unknown(message, field) {
    const { label } = this.words.rule(message, field);
    await this.within.getByRole('checkbox', { name: new RegExp(`^${escaped(this.desk.t('forms.unknown'))}\\s*: ${escaped(label)}$`) }).check();
  }
}

// A whole request for one pistol. subject, serial, narrative: as typed.
export async function fill_request(desk, { to, serial, ...about }) {
  const form = new Form(desk, desk.page.locator('main'));
  await desk.page.getByRole('radio', { name: desk.words.party(to) }).check();
  const weapons = form.part('compose.section.weapons');
  await weapons.pick_code('WeaponItem', 'type', 'SA_PISTOL');
  await weapons.text('WeaponItem', 'make', 'Arsenal Delta');
  await weapons.text('WeaponItem', 'model', 'D-9 Compact');
  await weapons.text('WeaponItem', 'calibre_raw', '9 mm Para');
  await weapons.text('WeaponItem', 'serial_raw', serial);
  await weapons.one('WeaponItem', 'serial_confidence', 'CERTAIN');
  for (const field of ['country_of_manufacture', 'country_of_import', 'action', 'markings']) await weapons.unknown('WeaponItem', field);
  await weapons.some('WeaponItem', 'craft_or_modified', ['FACTORY']);
  await fill_around(desk, about);
}

// The same without its weapons.
export async function fill_around(desk, { subject, narrative, reference, persons = false }) {
  const form = new Form(desk, desk.page.locator('main'));
  const found = form.part('compose.section.found');
  await found.text('Circumstances', 'found_date', '2026-02-27');
  await found.pick_code('Circumstances', 'context', 'SEIZURE_BORDER');
  await found.text('Circumstances', 'narrative', narrative);
  await found.one('Circumstances', 'custody_status', 'IN_EVIDENCE');
  const why = form.part('compose.section.why');
  await why.some('TraceRequest', 'illicit_grounds', ['NATIONAL_LAW']);
  await why.text('TraceRequest', 'legal_justification', 'Firearms Act, section 12');
  await why.pick_code('TraceRequest', 'offence_types', 'TRAFFICKING');
  await why.one('TraceRequest', 'proceedings_stage', 'INVESTIGATION');
  const asked = form.part('compose.section.ask');
  await asked.some('TraceRequest', 'questions', ['WHO_MADE', 'LAST_LEGAL_HOLDER']);
  await asked.some('TraceRequest', 'intended_use', ['CRIMINAL_INVESTIGATION']);
  await asked.text('TraceRequest', 'intended_use_text', 'To find where it left lawful custody.');
  await asked.pick_code('TraceRequest', 'intended_recipients', 'POLICE');
  await asked.inside('TraceRequest', 'confidentiality_guarantee').one('ConfidentialityGuarantee', 'level', 'FULL');
  const searches = form.part('compose.section.searches');
  await searches.inside('PriorSearches', 'domestic_register').text('DomesticSearch', 'date', '2026-02-28');
  await searches.inside('PriorSearches', 'domestic_register').one('DomesticSearch', 'result', 'YES_NO_HIT');
  await searches.unknown('PriorSearches', 'iarms');
  const handling = form.part('compose.section.handling');
  await handling.some('Label', 'purposes', ['CRIMINAL_INVESTIGATION']);
  await handling.one('Label', 'source_grade', 'A');
  await handling.one('Label', 'info_grade', '1');
  if (persons) await handling.group('Label', 'personal_data').getByRole('radio', { name: desk.t('forms.yes'), exact: true }).check();
  const formal = form.part('compose.section.formal');
  await formal.text('TraceRequest', 'case_ref_requester', reference);
  await formal.text('Header', 'subject', subject);
}
