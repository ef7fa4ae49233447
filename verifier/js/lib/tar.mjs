// The archive of a bundle (docs/protocol.md 20.1): one content has one archive, so a header is
// right if it is the one that would be written.
import { compare, concat, equal, utf8 } from './bytes.mjs';
import { declare, must } from './refused.mjs';

declare({
  'tar.size': 'the archive or a file is too large, or there are too many files',
  'tar.header': 'a header is not the one of this name and size',
  'tar.order': 'names are not in ascending order',
  'tar.padding': 'bytes behind a file that are not zero',
  'tar.end': 'the archive does not end with exactly two blocks of zeros',
});

const kBlock = 512;
const kMostName = 100;
const kMostFiles = 4096;
const kMostFile = 16 * 1024 * 1024;
const kMostBytes = 64 * 1024 * 1024;

const octal = (n, digits) => n.toString(8).padStart(digits, '0');

// name: as bytes.
function header(name, size) {
  const out = new Uint8Array(kBlock);
  const put = (at, text) => out.set(utf8(text), at);
  out.set(name, 0);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${octal(size, 11)}\0`);
  put(136, '00000000000\0');
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\0' + '00');
  const sum = out.reduce((n, byte) => n + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return out;
}

const isZero = (bytes) => bytes.every((byte) => byte === 0);

// One character a byte, so that each name has one text.
const nameText = (bytes) => String.fromCharCode(...bytes);

function readHeader(block) {
  const end = block.indexOf(0);
  must(end > 0 && end <= kMostName, 'tar.header', 'the name');
  const digits = String.fromCharCode(...block.subarray(124, 135));
  must(/^[0-7]{11}$/.test(digits), 'tar.header', 'the size');
  const size = parseInt(digits, 8);
  must(size <= kMostFile, 'tar.size');
  const name = block.slice(0, end);
  must(equal(block, header(name, size)), 'tar.header', nameText(name));
  return { name, size };
}

// [{name, data}]; name has one character a byte.
export function readTar(bytes) {
  must(bytes.length <= kMostBytes, 'tar.size');
  must(bytes.length % kBlock === 0 && bytes.length >= 2 * kBlock, 'tar.end');
  const end = bytes.length - 2 * kBlock;
  must(isZero(bytes.subarray(end)), 'tar.end');
  const out = [];
  let last = null;
  for (let at = 0; at < end;) {
    const { name, size } = readHeader(bytes.subarray(at, at + kBlock));
    must(last === null || compare(last, name) < 0, 'tar.order', nameText(name));
    last = name;
    at += kBlock;
    const whole = Math.ceil(size / kBlock) * kBlock;
    must(at + whole <= end, 'tar.end', nameText(name));
    must(isZero(bytes.subarray(at + size, at + whole)), 'tar.padding', nameText(name));
    out.push({ name: nameText(name), data: bytes.subarray(at, at + size) });
    at += whole;
    must(out.length <= kMostFiles, 'tar.size');
  }
  return out;
}

// files: [{name, data}] in any order.
export function writeTar(files) {
  const parts = [];
  for (const { name, data } of [...files].sort((a, b) => compare(utf8(a.name), utf8(b.name)))) {
    const rest = (kBlock - (data.length % kBlock)) % kBlock;
    parts.push(header(utf8(name), data.length), data, new Uint8Array(rest));
  }
  return concat(...parts, new Uint8Array(2 * kBlock));
}
