// What a signature of anything but a note is over (docs/protocol.md 5.3).
import { concat, utf8 } from './bytes.mjs';

export const kBatch = 'application/vnd.focal.batch.v1';
export const kRelease = 'application/vnd.focal.release.v1';

export const pae = (type, body) =>
  concat(utf8(`DSSEv1 ${utf8(type).length} ${type} ${body.length} `), body);
