// The text on the page: one paragraph at a time into the DOM, as text and marks, never as markup.

import { make } from "./dom.js";
import { cut } from "./pieces.js";

const LONG = 12000; // code points from which paragraphs off screen skip rendering
export const LINES = 10; // lines below or above, each told from the others without colour
const ABOVE = 5; // from this line on it is drawn above the words

/**
 * @typedef {object} Mark
 * @property {string} id
 * @property {import("./pieces.js").Range[]} ranges
 * @property {number} line which line and tint, 0 to 9; -1 for a thin one without meaning
 * @property {string} name of its label
 * @property {string} tag one or two letters
 * @property {string} [number] shown where it begins: "7", or "①" on marks that belong together
 * @property {string} [sign] "right", "near", "debated", "wrong"
 *
 * @typedef {object} Layers what is drawn over the text
 * @property {Mark[]} marks
 * @property {[number, number] | null} cursor
 * @property {import("./pieces.js").Range[]} selection
 * @property {string | null} picked the mark that is held
 * @property {boolean} handles whether its ends can be dragged
 */

export const SIGNS = { right: "✓", near: "≈", debated: "?", wrong: "✗", kept: "…" };

/**
 * @param {object} view
 * @param {import("./offsets.js").Offsets} offsets
 * @param {ReturnType<import("./words.js").createWords>} say
 * @param {{heading: (name: string) => string, textbox?: Record<string, any>}} given
 */
export function createText(view, offsets, say, given) {
  const element = make("div.kit-text", { lang: view.textLang ?? view.lang, ...given.textbox });
  if (offsets.length > LONG) element.classList.add("is-long");
  const paragraphs = new Map();
  for (const each of view.paragraphs) {
    const paragraph = make(`p.kit-paragraph.is-${each.role}`, {
      "data-start": each.start,
      "data-name": each.name,
      "data-number": each.role === "paragraph" ? each.name : null,
    });
    if (!view.asked.includes(each.name)) paragraph.classList.add("is-other");
    paragraphs.set(each.name, { ...each, element: paragraph });
    element.append(paragraph);
  }

  /** The names of the paragraphs that ranges touch. */
  const touching = (ranges) =>
    view.paragraphs
      .filter(({ start, end }) => ranges.some(([from, to]) => from < end && to > start))
      .map(({ name }) => name);

  /** Draw some paragraphs anew. */
  const draw = (names, layers) => {
    for (const name of new Set(names)) {
      const paragraph = paragraphs.get(name);
      if (paragraph) paragraph.element.replaceChildren(...pieces(paragraph, layers));
    }
  };

  const pieces = ({ start, end }, { marks, cursor, selection, picked, handles }) => {
    const here = new Map();
    const near = ([from, to]) => from < end && to > start;
    for (const mark of marks) if (mark.ranges.some(near)) here.set(mark.id, mark);
    const spans = [...here.values(), { id: " selection", ranges: selection }];
    if (cursor) spans.push({ id: " cursor", ranges: [cursor] });
    return cut(start, end, spans).map((piece) => drawn(piece, here, { picked, handles }, offsets, say));
  };

  return { element, paragraphs, touching, draw };
}

/** One piece: its words, inside a line for each mark, inside selection and cursor. */
function drawn(piece, marks, held, offsets, say) {
  const words = offsets.slice(piece.start, piece.end);
  const over = piece.ids.filter((id) => marks.has(id)).map((id) => marks.get(id));
  let node = document.createTextNode(words);
  let below = over.filter(({ line }) => line < ABOVE).length;
  let above = over.length - below;
  for (const mark of [...over].reverse()) {
    const level = mark.line < ABOVE ? --below : --above;
    const data = { "data-line": mark.line, "data-level": Math.min(level, 3) };
    // The place of a line above depends on the size of its box alone: a larger box, then back.
    const inner = mark.line < ABOVE || !level ? node : make("span.kit-inner", {}, node);
    node = make("span.kit-line", data, inner);
  }
  if (over.length) node = framed(piece, over, node, held, say);
  const state = [];
  if (piece.ids.includes(" selection")) state.push("is-selected");
  if (piece.ids.includes(" cursor")) state.push("is-cursor");
  if (!state.length) return node;
  return make(`span.${state.join(".")}`, {}, node);
}

/** The mark around a piece: where marks begin and end it carries what is said aloud, flags and handles. */
function framed(piece, over, node, { picked, handles }, say) {
  const mark = make("mark.kit-mark", { "data-marks": over.map(({ id }) => id).join(" ") });
  const held = over.find(({ id }) => id === picked);
  if (held) mark.classList.add("is-picked");
  const opening = over.filter(({ id }) => piece.opens.includes(id));
  const closing = over.filter(({ id }) => piece.closes.includes(id));
  if (handles && opening.includes(held)) mark.append(handle("start", piece.start));
  if (opening.length) {
    const names = opening.map(spoken(say)).join(", ");
    const lead = opening.map(({ number }) => number ?? "").join(" ").trim();
    mark.append(make("span.kit-open", { "data-said": say("mark.begin", { labels: names }), "data-lead": lead || null }));
  }
  mark.append(node);
  if (closing.length) {
    const shapes = closing.map(({ sign }) => (sign ? SIGNS[sign] : ""));
    mark.append(
      make("span.kit-close", {
        "data-flag": closing.map(({ tag }, at) => shapes[at] + (tag ?? "")).join(" "),
        "data-signs": shapes.join("") || null,
        "data-said": say("mark.end"),
      }),
    );
  }
  if (handles && closing.includes(held)) mark.append(handle("end", piece.end));
  return mark;
}

const spoken = (say) => (mark) =>
  [mark.number, mark.name, mark.sign && say(`sign.${mark.sign}`)].filter(Boolean).join(" ");

/** A handle is for pointers alone: the keyboard has Alt and the arrows. */
const handle = (side, offset) =>
  make("span.kit-handle", { "data-side": side, "data-offset": offset, "aria-hidden": "true" });
