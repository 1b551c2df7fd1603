// Cuts a stretch of text where spans begin and end, so that each piece lies under a known set of them.

/**
 * @typedef {[number, number]} Range a stretch of the text, end excluded, in code points
 * @typedef {{id: string, ranges: Range[]}} Span
 * @typedef {object} Piece
 * @property {number} start
 * @property {number} end
 * @property {string[]} ids spans it lies in, the longest first
 * @property {string[]} opens spans of which a range begins here
 * @property {string[]} closes spans of which a range ends here
 */

/**
 * @param {number} start
 * @param {number} end
 * @param {Span[]} spans
 * @returns {Piece[]}
 */
export function cut(start, end, spans) {
  const inside = [];
  const edges = new Set([start, end]);
  for (const { id, ranges } of spans) {
    for (const [from, to] of ranges) {
      if (to <= start || from >= end || from >= to) continue;
      inside.push({ id, from, to, size: to - from });
      edges.add(Math.max(from, start));
      edges.add(Math.min(to, end));
    }
  }
  inside.sort((a, b) => b.size - a.size || a.from - b.from);
  const places = [...edges].sort((a, b) => a - b);
  return places.slice(1).map((to, index) => {
    const from = places[index];
    const over = inside.filter((each) => each.from < to && each.to > from);
    return {
      start: from,
      end: to,
      ids: [...new Set(over.map((each) => each.id))],
      opens: over.filter((each) => each.from === from).map((each) => each.id),
      closes: over.filter((each) => each.to === to).map((each) => each.id),
    };
  });
}

/** How many code points a list of ranges holds. */
export const sizeOf = (ranges) => ranges.reduce((sum, [start, end]) => sum + end - start, 0);

/** Ranges sorted, those that touch or overlap joined. */
export function joined(ranges) {
  const result = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** Whether two lists of ranges are the same. */
export const sameRanges = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Whether two lists of ranges share a character. */
export const overlap = (a, b) => a.some(([start, end]) => b.some(([from, to]) => from < end && to > start));
