// What an erasure needs before it is asked for; the limits are those of proto/retention.proto. Pure.
import { byte_length } from '../../forms/texts';

export const MOST_AUTHORITY = 300; // bytes
export const MOST_REASON = 1000;

export type EraseTrouble = '' | 'NEEDED' | 'TOO_LONG' | 'ONE_LINE';

export function authority_trouble(text: string): EraseTrouble {
  if (/[\x00-\x1f\x7f]/.test(text.trim())) return 'ONE_LINE';
  return words_trouble(text, MOST_AUTHORITY);
}
export const reason_trouble = (text: string): EraseTrouble => words_trouble(text, MOST_REASON);

function words_trouble(text: string, most: number): EraseTrouble {
  if (text.trim() === '') return 'NEEDED';
  return byte_length(text.trim()) > most ? 'TOO_LONG' : '';
}
