// Copies of a list with a change. (Node 18 has neither with nor toSpliced.)
export const put = (list, i, value) => list.map((x, j) => (j === i ? value : x));
export function cut(list, i, n, ...more) {
  const out = [...list];
  out.splice(i, n, ...more);
  return out;
}
