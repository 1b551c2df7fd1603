// The highlighting task: marks with labels, their legend and their list.

import { createLegend } from "./legend.js";
import { createList } from "./list.js";
import { createMarking } from "./marking.js";
import { make } from "./dom.js";
import { afterPaint } from "./measure.js";
import { freshName } from "./names.js";
import { overlap, sameRanges } from "./pieces.js";

const MANY = 60; // marks from which the list follows the text

/**
 * @typedef {object} Kind what each kind of task gives to the widget
 * @property {HTMLElement[]} elements
 * @property {(steps: import("./history.js").Step[]) => void} changed answers were set
 * @property {() => void} refresh everything may have changed
 * @property {(item: string) => void} goTo
 * @property {(item: string) => boolean} has whether an answer is there now
 * @property {(item: string) => number} order where it stands among the others
 * @property {(item: string) => string} quoteOf the words an answer is about
 * @property {(item: string) => string} nameOf what was answered, in words
 * @property {(item: string, value: any) => string[]} paragraphsOf
 * @property {(ranges: import("./pieces.js").Range[]) => {item: string, quote: string, name: string, label: string | null, same: boolean}[]} over
 *   answers that lie over ranges, and whether they are about exactly these words
 * @property {() => string[]} missing sentences said before handing in
 * @property {() => string} summary what would be handed in
 * @property {(steps: import("./history.js").Step[]) => string} told what came back with undo or redo
 * @property {() => void} close
 */

/**
 * @param {object} host
 * @returns {Kind}
 */
export function createAnnotator(host) {
  const { view, say, live } = host;
  const labels = view.labels.map((label, line) => ({ ...label, line }));
  const byId = new Map(labels.map((label) => [label.id, label]));
  const nameOf = (id) => byId.get(id)?.name ?? id;
  let marks = [];
  let listing = false; // whether the list is about to be drawn

  const collect = () => {
    marks = [];
    for (const [id, value] of host.answers()) {
      const label = byId.get(value?.label);
      if (!label || !Array.isArray(value.ranges)) continue;
      const { line, name, tag } = label;
      marks.push({ id, ranges: value.ranges, label: label.id, line, name, tag, sign: host.signOf(id) });
    }
    marks.sort((a, b) => a.ranges[0][0] - b.ranges[0][0]);
  };

  const value = (id) => host.answers().get(id);
  const placesOf = (answer) => marking.touching(answer?.ranges ?? []);
  const counted = (count = host.answers().size) => say("count.marks", { count });

  const book = {
    labels,
    marks: () => marks,
    put(ranges, label, event) {
      const twin = marks.find((mark) => mark.label === label && sameRanges(mark.ranges, ranges));
      if (twin) {
        live.say(say("live.already", { label: nameOf(label) }));
        return twin.id;
      }
      const id = freshName("m");
      host.change([[id, { label, ranges }]], event);
      live.say(say("live.added", { label: nameOf(label), count: counted() }));
      return id;
    },
    relabel(id, label, event) {
      if (value(id).label === label) return live.say(say("live.already", { label: nameOf(label) }));
      host.change([[id, { ...value(id), label }]], event);
      live.say(say("live.relabelled", { label: nameOf(label) }));
    },
    reshape(id, ranges, event) {
      host.change([[id, { ...value(id), ranges }]], event);
      live.say(say("live.reshaped", { quote: marking.quote(ranges) }));
    },
    remove(id, event) {
      const { label } = value(id);
      host.change([[id, null]], event);
      live.say(say("live.removed", { label: nameOf(label), count: counted() }));
    },
  };

  const marking = createMarking(host, book);
  const legend = createLegend(labels, say, { uid: host.uid, choose: marking.label });
  const example = labels.find((label) => label.example?.includes("**"));
  const list = createList(
    say,
    {
      goTo: marking.goTo,
      relabel: marking.menuFor,
      remove: book.remove,
    },
    example?.example,
    example?.name,
  );

  const drawSides = () => {
    const numbers = new Map();
    for (const mark of marks) numbers.set(mark.label, (numbers.get(mark.label) ?? 0) + 1);
    legend.count(numbers);
    if (marks.length <= MANY) drawList();
    else if (!listing) {
      listing = true;
      afterPaint(drawList); // the text first: a long list may follow a frame later
    }
  };

  const drawList = () => {
    listing = false;
    const rows = marks.map(({ id, ranges, label, sign }) => ({
      id,
      quote: marking.quote(ranges),
      label: byId.get(label),
      sign,
    }));
    list.draw(rows, host.writable());
  };

  return {
    elements: [marking.element, make("div.kit-side", {}, legend.element, list.element)],
    changed(steps) {
      collect();
      marking.draw(steps.flatMap(({ before, after }) => [...placesOf(before), ...placesOf(after)]));
      drawSides();
    },
    refresh() {
      collect();
      marking.drawAll();
      drawSides();
    },
    goTo: marking.goTo,
    has: (id) => host.answers().has(id),
    order: (id) => value(id)?.ranges[0][0] ?? Infinity,
    quoteOf: (id) => (value(id) ? marking.quote(value(id).ranges) : ""),
    nameOf: (id) => nameOf(value(id)?.label),
    paragraphsOf: (_item, answer) => placesOf(answer),
    over: (ranges) =>
      marks
        .filter((mark) => overlap(mark.ranges, ranges))
        .map(({ id, name, label, ranges: own }) => ({
          item: id,
          quote: marking.quote(own),
          name,
          label,
          same: sameRanges(own, ranges),
        })),
    missing: () => (marks.length ? [] : [say("missing.marks")]),
    summary: () => counted(),
    told([{ after: now }]) {
      return now
        ? say("live.back", { label: nameOf(now.label), quote: marking.quote(now.ranges), count: counted() })
        : say("live.away", { count: counted() });
    },
    close: marking.close,
  };
}
