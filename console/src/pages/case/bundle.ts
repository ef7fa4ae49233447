// An evidence bundle, page by page, and whether what arrived is what the node made.
import { call, type EvidenceSummary } from '../../api';
import { bytes_of, joined, sha256_of } from './download';

export interface Bundle {
  data: Uint8Array<ArrayBuffer>;
  sha256: string;
  summary: EvidenceSummary | undefined;
}

const MOST_PAGES = 1024; // of 1 MiB

/** What came is not what the node made; the words are for developers. */
export class BundleBroken extends Error {}

/** onpart: bytes so far, of all. Throws ApiError, BundleBroken. */
export async function fetch_bundle(
  target: string, withhold: string[], onpart: (so_far: number, of: number) => void, ask: typeof call = call,
): Promise<Bundle> {
  const pages: Uint8Array<ArrayBuffer>[] = [];
  let answer = await ask('evidence_export', { target, withhold });
  const { sha256, summary, bundle } = answer;
  const size = Number(answer.size);
  let so_far = 0;
  for (;;) {
    const page = bytes_of(answer.data);
    pages.push(page);
    so_far += page.length;
    onpart(so_far, size);
    if (answer.next === '0') break;
    if (pages.length >= MOST_PAGES || Number(answer.next) !== so_far) throw new BundleBroken('the pages of the file do not follow each other');
    answer = await ask('evidence_export', { bundle, offset: answer.next });
    if (answer.sha256 !== sha256) throw new BundleBroken('the file changed while it was fetched');
  }
  const data = joined(pages, size);
  if (!data) throw new BundleBroken('the file is not as long as announced');
  if ((await sha256_of(data)) !== sha256) throw new BundleBroken('the file is not the one that was made');
  return { data, sha256, summary };
}
