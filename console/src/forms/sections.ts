// Sections of a form and how far each is.
import type { Section } from './layout';
import type { FormView } from './view.svelte';

export function section_id(section: Section): string {
  return `sec-${section.id.replaceAll(/[^a-z0-9]+/g, '-')}`;
}

export interface Progress {
  section: Section;
  gaps: number; // not there yet
  wrong: number;
}

export function progress_of(view: FormView): Progress[] {
  return view.layout.sections.map((section) => {
    const troubles = view.troubles_of(section.fields);
    const gaps = troubles.filter((each) => each.gap).length;
    return { section, gaps, wrong: troubles.length - gaps };
  });
}
