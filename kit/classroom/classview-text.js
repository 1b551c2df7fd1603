// The text of the class view: a bar below each word, a line above the key's, and the strip of the whole.

import { make } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const TALL = 100; // of the strip's bars, in its own units
const KEY_TOP = 106;
const KEY_TALL = 14;

const draw = (name, attributes, ...children) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

/**
 * What is drawn over the text.
 * @typedef {object} Heat
 * @property {number[]} counts by word
 * @property {number} learners
 * @property {number} least counts below this are not drawn
 * @property {{words: number[], count: number, tag: string}[]} passages with a number to show
 * @property {{status: string, words: number[], tag: string, name: string}[]} key
 * @property {number[]} held the words of the passage that is talked about
 */

/**
 * @param {object} view
 * @param {ReturnType<import("./words.js").createWords>} say
 */
export function createText(view, say) {
  const words = []; // element of each word
  const gaps = []; // what stands behind it
  const element = make("div.kit-class-text", {
    lang: view.textLang,
    tabindex: "0",
    role: "region",
    "aria-label": say("text.label", { task: view.task }),
  });
  for (const { role, name, asked, pieces } of view.paragraphs) {
    const number = role === "paragraph" ? name : null;
    const paragraph = make(`p.kit-class-paragraph.is-${role}`, { "data-number": number });
    if (!asked) paragraph.classList.add("is-other");
    pieces.forEach((piece, at) => {
      if (at % 2) words.push(make("span.kit-word", {}, piece));
      else if (at) gaps.push(make("span.kit-gap", {}, piece));
      paragraph.append(at % 2 ? words.at(-1) : at ? gaps.at(-1) : piece);
    });
    element.append(paragraph);
  }

  /** @param {Heat} heat */
  const paint = ({ counts, learners, least, passages, key, held }) => {
    for (const badge of element.querySelectorAll(".kit-badge, .kit-said")) badge.remove();
    const share = (count) => (learners && count >= least ? count / learners : 0);
    const home = new Map(passages.flatMap((each) => each.words.map((word) => [word, each])));
    const status = new Map(key.flatMap((each) => each.words.map((word) => [word, each])));
    const inHand = new Set(held);
    words.forEach((word, at) => {
      const own = share(counts[at]);
      warm(word, own);
      // A bar goes on over the gap within a passage: where it stops, the passage ends.
      const within = home.has(at) && home.get(at) === home.get(at + 1);
      warm(gaps[at], within ? Math.min(own, share(counts[at + 1])) : 0);
      mark(word, status.get(at), inHand.has(at));
      const on = status.get(at) === status.get(at + 1) ? status.get(at) : undefined;
      mark(gaps[at], on, inHand.has(at) && inHand.has(at + 1));
    });
    for (const { words: own, count, tag } of passages) {
      const last = own.at(-1);
      words[last].after(
        make("span.kit-said", {}, ` (${say("text.marked", { count, learners })}) `),
        make("span.kit-badge", { "aria-hidden": "true" }, [tag, count].filter((part) => part !== "").join(" ")),
      );
    }
    for (const entry of key) {
      const first = words[entry.words[0]];
      if (!first) continue;
      const tag = entry.status === "sound" ? "✓" : entry.status === "debated" ? `${entry.tag} ?` : entry.tag;
      first.before(
        make("span.kit-said", {}, ` (${say(`status.${entry.status}`)}${entry.name ? `, ${entry.name}` : ""}) `),
        make(`span.kit-badge.is-key.is-${entry.status}`, { "aria-hidden": "true" }, tag || "•"),
      );
    }
  };

  const show = (word) => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    words[word]?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  };

  return { element, paint, show, length: words.length };
}

function warm(element, share) {
  element.classList.toggle("is-warm", share > 0);
  element.style.setProperty("--share", share.toFixed(3));
}

function mark(element, entry, held) {
  element.classList.toggle("is-held", held);
  for (const status of ["core", "debated", "sound"]) {
    element.classList.toggle(`is-${status}`, entry?.status === status);
  }
}

/**
 * The whole text as a row of bars, one a word; the key below once it is shown.
 * @param {object} view
 * @param {ReturnType<import("./words.js").createWords>} say
 * @param {number} length words of the text
 */
export function createStrip(view, say, length) {
  const bars = draw("path", { class: "kit-strip-bars" });
  const half = draw("line", { class: "kit-strip-half", x1: 0, x2: length, y1: TALL / 2, y2: TALL / 2 });
  const key = draw("g", {});
  const held = draw("g", {});
  const edges = view.paragraphs.slice(1).map(({ first }) =>
    draw("line", { class: "kit-strip-edge", x1: first, x2: first, y1: 0, y2: TALL }),
  );
  const picture = draw("svg", { viewBox: `0 0 ${length} ${KEY_TOP}`, preserveAspectRatio: "none", role: "img" },
    held, ...edges, bars, half, key);
  const names = make("div.kit-strip-names", { "aria-hidden": "true" });
  view.paragraphs.forEach(({ name, first, pieces }) => {
    const width = (100 * (pieces.length - 1)) / 2 / length;
    const label = make("span", {}, width > 2 ? name : "");
    label.style.insetInlineStart = `${(100 * first) / length}%`;
    names.append(label);
  });
  const legend = make("p.kit-strip-legend");
  const element = make("figure.kit-strip", {}, picture, names, legend);

  /** @param {Heat} heat */
  const paint = (heat) => {
    const share = (count) => (heat.learners && count >= heat.least ? count / heat.learners : 0);
    const shape = heat.counts.map((count, at) => {
      const tall = TALL * share(count);
      return tall ? `M${at} ${TALL}v${-tall.toFixed(1)}h1v${tall.toFixed(1)}z` : "";
    });
    bars.setAttribute("d", shape.join(""));
    picture.setAttribute("viewBox", `0 0 ${length} ${heat.key.length ? KEY_TOP + KEY_TALL : KEY_TOP}`);
    element.classList.toggle("has-key", heat.key.length > 0);
    held.replaceChildren(...runs(heat.held).map(([from, to]) =>
      draw("rect", { class: "kit-strip-held", x: from - 0.5, width: to - from + 2, y: 0, height: TALL })));
    key.replaceChildren(...heat.key.flatMap(({ status, words }) => runs(words).map(([from, to]) =>
      draw("rect", {
        class: `kit-strip-key is-${status}`,
        x: from,
        width: to - from + 1,
        // Three kinds, three heights: told apart without colour.
        y: KEY_TOP + (status === "core" ? 0 : status === "debated" ? KEY_TALL / 3 : (2 * KEY_TALL) / 3),
        height: status === "core" ? KEY_TALL : KEY_TALL / 3,
      }))));
    const most = Math.max(0, ...heat.counts);
    picture.setAttribute("aria-label", say("strip.alt", { most, learners: heat.learners, passages: heat.passages.length }));
    legend.textContent = [say("strip.bars"), heat.key.length ? say("strip.key") : ""].filter(Boolean).join(" ");
  };

  return { element, paint };
}

/** First and last word of each run of neighbouring words. */
function runs(words) {
  const found = [];
  for (const word of words) {
    if (found.length && found.at(-1)[1] === word - 1) found.at(-1)[1] = word;
    else found.push([word, word]);
  }
  return found;
}
