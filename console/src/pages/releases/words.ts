import { t_or } from '../../i18n';

/** "trace.refuse" in words; an act this console does not know by its name. */
export const act_words = (act: string) => t_or(`releases.act.${act}`, act);

export const RELEASE_TONES: Record<string, 'good' | 'warn' | 'bad' | 'neutral' | 'accent'> = {
  AWAITING: 'accent', RELEASED: 'good', REJECTED: 'bad', WITHDRAWN: 'neutral', EXPIRED: 'warn',
};
