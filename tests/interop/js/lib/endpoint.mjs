// tcp://HOST:PORT of a sealing schedule (docs/protocol.md 3.3).
const kMostBytes = 255;

const isIpv4 = (host) => {
  const parts = host.split('.');
  return parts.length === 4 && parts.every((p) => /^(0|[1-9][0-9]{0,2})$/.test(p) && Number(p) < 256);
};

// Eight groups of 16 bits, or null. One "::" stands for one group of zeros or more.
function ipv6Groups(host) {
  const halves = host.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((h) => (h === '' ? [] : h.split(':')));
  if (!groups.flat().every((g) => /^[0-9a-f]{1,4}$/.test(g))) return null;
  const given = groups.flat().length;
  if (halves.length === 1) return given === 8 ? groups[0] : null;
  return given < 8 ? [...groups[0], ...Array(8 - given).fill('0'), ...groups[1]] : null;
}

function isDnsName(host) {
  const labels = host.split('.');
  return host.length <= 253 && !/^[0-9]+$/.test(labels.at(-1)) &&
    labels.every((l) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(l));
}

function isHost(host) {
  if (host.startsWith('[')) {
    if (!host.endsWith(']')) return false;
    const groups = ipv6Groups(host.slice(1, -1));
    return groups !== null && !groups.every((g) => /^0+$/.test(g));
  }
  return isIpv4(host) ? host !== '0.0.0.0' : isDnsName(host);
}

export function isEndpoint(text) {
  const found = /^tcp:\/\/(.+):([1-9][0-9]{0,4})$/.exec(text);
  return text.length <= kMostBytes && found !== null && Number(found[2]) <= 65535 && isHost(found[1]);
}
