// The word cursor and the selection, as plain numbers: no DOM.

import { firstAtLeast } from "./offsets.js";

/**
 * @typedef {object} Place a paragraph: name, start, end, segments, as the page is given it
 */

/**
 * @param {{wordBounds: number[], paragraphs: Place[], asked: string[]}} view
 */
export function createCursor(view) {
  const asked = view.paragraphs.filter((each) => view.asked.includes(each.name));
  const words = []; // only those that can be marked
  for (let at = 0; at < view.wordBounds.length; at += 2) {
    const start = view.wordBounds[at];
    if (asked.some((each) => each.start <= start && start < each.end)) {
      words.push([start, view.wordBounds[at + 1]]);
    }
  }
  const starts = words.map(([start]) => start);
  const ends = words.map(([, end]) => end);
  const blocks = {
    sentence: asked.flatMap((each) => each.segments),
    paragraph: asked.map((each) => [each.start, each.end]),
  };

  let at = 0; // the word of the cursor
  let anchor = null; // the word where the selection began
  let exact = null; // a selection by characters

  const last = words.length - 1;
  const clamp = (index) => Math.max(0, Math.min(last, index));
  const firstIn = (block) => clamp(firstAtLeast(starts, block[0]));
  const lastIn = (block) => clamp(firstAtLeast(starts, block[1]) - 1);
  const blockAt = (list, index) => {
    const offset = starts[index] ?? 0;
    return list.findLastIndex(([start]) => start <= offset);
  };

  const stepBlock = (list, way) => {
    const index = blockAt(list, at);
    const first = firstIn(list[index]);
    if (way < 0) return at > first ? first : firstIn(list[Math.max(0, index - 1)]);
    return index + 1 < list.length ? firstIn(list[index + 1]) : lastIn(list[index]);
  };

  const target = (unit, way) => {
    if (unit === "word") return clamp(at + way);
    if (unit === "text") return way < 0 ? 0 : last;
    if (unit === "edge") {
      const block = blocks.paragraph[blockAt(blocks.paragraph, at)];
      return way < 0 ? firstIn(block) : lastIn(block);
    }
    return stepBlock(blocks[unit], way);
  };

  return {
    /** Whether there is any word to mark. */
    empty: words.length === 0,
    get word() {
      return words[at] ?? [0, 0];
    },
    get selecting() {
      return anchor !== null || exact !== null;
    },
    /** The selected stretch, or null. */
    get selection() {
      if (exact) return exact;
      if (anchor === null) return null;
      return [words[Math.min(anchor, at)][0], words[Math.max(anchor, at)][1]];
    },
    /**
     * @param {"word" | "sentence" | "paragraph" | "edge" | "text"} unit
     * @param {-1 | 1} way
     * @param {boolean} extend
     */
    move(unit, way, extend) {
      exact = null;
      if (extend) anchor ??= at;
      else anchor = null;
      at = target(unit, way);
    },
    /** Put the cursor on a word; `extend` selects up to it. */
    put(index, extend = false) {
      exact = null;
      if (!extend) anchor = null;
      else anchor ??= at;
      at = clamp(index);
    },
    /** Select from one word to another. */
    select(from, to) {
      exact = null;
      anchor = clamp(from);
      at = clamp(to);
    },
    /** Select characters. */
    selectExactly(start, end) {
      exact = [start, end];
      anchor = null;
      at = clamp(firstAtLeast(starts, end) - 1);
    },
    /** Drop the selection; the cursor stays. */
    drop() {
      anchor = exact = null;
    },
    /** The word that holds a character, or the next one; -1 with `strictly` and no word there. */
    indexAt(offset, strictly = false) {
      const index = firstAtLeast(starts, offset + 1) - 1;
      if (index >= 0 && offset < words[index][1]) return index;
      return strictly ? -1 : clamp(index + 1);
    },
    /** The words that lie in a stretch, first and last; null if none does. */
    within(start, end) {
      let first = clamp(firstAtLeast(starts, start));
      if (first > 0 && words[first - 1][1] > start) first -= 1;
      const final = firstAtLeast(starts, end) - 1;
      return words.length && first <= final && words[first][1] > start ? [first, final] : null;
    },
    wordAt: (index) => words[clamp(index)],
    /** How many words share a character with the ranges. */
    count(ranges) {
      return ranges.reduce((sum, [start, end]) => {
        const found = this.within(start, end);
        return found ? sum + found[1] - found[0] + 1 : sum;
      }, 0);
    },
    /** A stretch as ranges: one for each paragraph that is asked, from word to word. */
    ranges([start, end], exactly = false) {
      return asked.flatMap((each) => {
        const from = Math.max(start, each.start);
        const to = Math.min(end, each.end);
        if (from >= to) return [];
        if (exactly) return [[from, to]];
        const found = this.within(from, to);
        return found ? [[words[found[0]][0], words[found[1]][1]]] : [];
      });
    },
    get exact() {
      return exact !== null;
    },
    /** Move one end of a range by a word; the range keeps a word and stays in its paragraph. */
    moved([start, end], side, way) {
      const list = side === "end" ? ends : starts;
      const from = side === "end" ? end : start;
      const word = words[way > 0 ? firstAtLeast(list, from + 1) : firstAtLeast(list, from) - 1];
      const home = asked.find((each) => each.start <= start && start < each.end);
      if (!word || !home || word[0] < home.start || word[1] > home.end) return [start, end];
      const next = side === "end" ? [start, word[1]] : [word[0], end];
      return next[0] < next[1] && this.within(...next) ? next : [start, end];
    },
    get index() {
      return at;
    },
  };
}
