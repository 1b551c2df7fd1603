// Code points ↔ UTF-16 units, and DOM positions: the only place where the two counts meet.

/**
 * Count the code points of a string; a lone half of a pair counts as one.
 * @param {string} text
 */
export function countPoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * @typedef {object} Offsets
 * @property {number} length in code points
 * @property {(point: number) => number} unit code point → UTF-16 unit
 * @property {(unit: number) => number} point UTF-16 unit → code point; from inside a pair, its end
 * @property {(start: number, end: number) => string} slice by code points
 * @property {(start: number, end: number) => [number, number]} wholeSigns widened to whole signs, as a reader sees them
 */

/**
 * Offsets of one text.
 * @param {string} text
 * @returns {Offsets}
 */
export function createOffsets(text) {
  const wide = []; // code points that take two units
  let length = 0;
  for (const sign of text) {
    if (sign.length === 2) wide.push(length);
    length += 1;
  }
  const unit = (point) => point + firstAtLeast(wide, point);
  const point = (wanted) => {
    let low = 0; // how many wide signs begin before the unit
    let high = wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wide[middle] + middle < wanted) low = middle + 1;
      else high = middle;
    }
    const inside = low > 0 && wide[low - 1] + low - 1 === wanted - 1;
    return inside ? wanted - low + 1 : wanted - low;
  };
  let signs; // graphemes, made when first asked for
  return {
    length,
    unit,
    point,
    slice: (start, end) => text.slice(unit(start), unit(end)),
    wholeSigns(start, end) {
      if (!Intl.Segmenter || start >= end) return [start, end];
      signs ??= new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text);
      const first = signs.containing(unit(start));
      const last = signs.containing(unit(end) - 1);
      return [point(first.index), point(last.index + last.segment.length)];
    },
  };
}

/**
 * Where a sorted list reaches a number: the index of the first element that is not smaller.
 * @param {number[]} sorted
 * @param {number} wanted
 */
export function firstAtLeast(sorted, wanted) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The offset in the whole text of a DOM position inside an element that carries `data-start`.
 * Counted from Range.toString(), which keeps no-break spaces and halves of pairs.
 * @param {Element} element
 * @param {Node} node
 * @param {number} unit
 */
export function offsetAt(element, node, unit) {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.setEnd(node, unit);
  return Number(element.dataset.start) + countPoints(range.toString());
}
