// Tasks that are lists of questions: a fieldset each, with the control of its kind; nothing in the text is marked.

import { make } from "./dom.js";
import { createChoice } from "./item-choice.js";
import { createMatch } from "./item-match.js";
import { createNumber } from "./item-number.js";
import { createOpenText } from "./item-open.js";
import { createOrder } from "./item-order.js";
import { createRewrite } from "./item-rewrite.js";
import { createVerdict } from "./item-verdict.js";
import { actionOf } from "./keyboard.js";
import { SIGNS } from "./text.js";
import { shortened } from "./words.js";

/**
 * @typedef {object} Control what the control of a kind gives to its question
 * @property {HTMLElement} element
 * @property {(value: any, writable: boolean) => void} draw
 * @property {() => void} focus
 * @property {(value: any) => string} told a value in words
 * @property {(digit: string, event: Event) => void} [digit] a digit was pressed in the question
 * @property {() => void} [flush] hand over what is still being written
 * @property {(value: any) => boolean} [answered] whether a value is a whole answer
 *
 * @typedef {(host: object, item: object, on: {put: (value: any, event?: Event) => void, value: () => any, name: string}) => Control} CreateControl
 */

/** @type {Record<string, CreateControl>} */
const CONTROLS = {
  open: createOpenText,
  sort: createChoice,
  number: createNumber,
  order: createOrder,
  match: createMatch,
  verdict: createVerdict,
  compare: createChoice,
  rewrite: createRewrite,
};

export const isList = (view) => Array.isArray(view.items);

/**
 * @param {object} host
 * @returns {import("./annotator.js").Kind}
 */
export function createItems(host) {
  const { view, say, live } = host;
  const items = view.items.map((item, at) => ({ ...item, number: at + 1 }));
  const itemOf = new Map(items.map((item) => [item.id, item]));
  let current = items[0]?.id ?? null;

  const valueOf = (id) => host.answers().get(id) ?? null;
  const isAnswered = (id) => valueOf(id) !== null && (fields.get(id).control.answered?.(valueOf(id)) ?? true);
  const told = (id) => (valueOf(id) === null ? say("item.blank") : fields.get(id).control.told(valueOf(id)));

  // --- one question --------------------------------------------------------------------------

  const field = (item) => {
    const name = `${host.uid}-item-${item.id}`;
    const passage = item.passage ?? [];
    const sign = make("span.kit-sign", { hidden: true });
    const control = CONTROLS[view.kind](host, item, {
      name,
      value: () => valueOf(item.id),
      put(value, event) {
        if (!host.writable() || JSON.stringify(valueOf(item.id)) === JSON.stringify(value)) return;
        host.change([[item.id, value]], event);
      },
    });
    const element = make(
      "fieldset.kit-clause.kit-question-field",
      { "data-field": item.id, onfocusin: () => enter(item.id) },
      make(
        "legend.kit-clause-legend",
        { id: name },
        make("span.kit-number", {}, make("span.kit-live", {}, say("item.one")), ` ${item.number} `),
        make("span.kit-clause-words", {}, item.prompt),
      ),
      passage.length > 0 &&
        make(
          "blockquote.kit-passage",
          { lang: host.textLang },
          make("span.kit-around", {}, passage[0]),
          make("span.kit-clause-words", {}, passage[1]),
          make("span.kit-around", {}, passage[2]),
        ),
      control.element,
      sign,
    );
    return {
      element,
      control,
      draw() {
        const value = valueOf(item.id);
        control.draw(value, host.writable());
        element.classList.toggle("is-answered", value !== null && (control.answered?.(value) ?? true));
        const is = host.signOf(item.id);
        sign.hidden = !is;
        if (!is) return;
        sign.dataset.sign = is;
        sign.replaceChildren(make("span", { "aria-hidden": "true" }, SIGNS[is]), say(`sign.${is}`));
      },
    };
  };

  const enter = (id) => {
    current = id;
    host.atParagraph(id);
  };

  const step = (way) => {
    const at = items.findIndex(({ id }) => id === current) + way;
    if (items[at]) fields.get(items[at].id).control.focus();
    else live.say(say(way > 0 ? "item.last" : "item.first"));
  };

  const onKey = (event) => {
    if (event.defaultPrevented || event.target.matches("textarea, select, input[type=text]")) return;
    const action = actionOf(event, "questions");
    const id = event.target.closest("[data-field]")?.dataset.field;
    if (!action || !id) return;
    event.preventDefault();
    if (action.act === "question-next") step(1);
    else if (action.act === "question-back") step(-1);
    else if (action.act === "remove" && host.writable() && valueOf(id) !== null) host.change([[id, null]], event);
    else if (action.digit) fields.get(id).control.digit?.(action.digit, event);
  };

  const fields = new Map(items.map((item) => [item.id, field(item)]));

  // --- the page ------------------------------------------------------------------------------

  const paragraphs = view.paragraphs.map(({ start, end, role }) =>
    make(`p.kit-paragraph.is-${role}`, {}, host.offsets.slice(start, end).replaceAll("\n", " ")),
  );
  const source = make(
    "details.kit-source",
    {},
    make("summary", {}, say("item.source")),
    make("div.kit-text", { lang: host.textLang }, ...paragraphs),
  );
  const bar = make("progress", { max: items.length, "aria-hidden": "true" });
  const words = make("span", {});
  const list = make("div.kit-questions", {}, ...[...fields.values()].map(({ element }) => element));
  list.addEventListener("keydown", onKey);
  const element = make("div.kit-marking", {}, source, make("p.kit-progress", {}, words, bar), list);

  const flush = () => {
    for (const { control } of fields.values()) control.flush?.();
  };
  addEventListener("pagehide", flush);

  const given = () => items.filter(({ id }) => isAnswered(id)).length;
  const drawProgress = () => {
    words.textContent = say("clause.progress", { number: given(), count: items.length });
    bar.value = given();
  };

  return {
    elements: [element],
    changed(steps) {
      for (const { item } of steps) fields.get(item)?.draw();
      drawProgress();
    },
    refresh() {
      for (const each of fields.values()) each.draw();
      drawProgress();
    },
    goTo: (id) => fields.get(id).control.focus(),
    has: (id) => itemOf.has(id),
    order: (id) => itemOf.get(id)?.number ?? Infinity,
    quoteOf: (id) => itemOf.get(id)?.prompt ?? "",
    nameOf: (id) => shortened(told(id)),
    paragraphsOf: (id) => [id],
    over: () => [],
    mine: (id) => (valueOf(id) === null ? [] : [{ item: id, quote: "", name: told(id), label: null }]),
    flush,
    missing() {
      const blank = items.filter(({ id }) => !isAnswered(id)).map(({ number }) => number);
      return blank.length ? [say("missing.items", { count: blank.length, numbers: blank.join(", ") })] : [];
    },
    summary: () => say("clause.progress", { number: given(), count: items.length }),
    told([{ item }]) {
      fields.get(item).control.focus();
      return say("item.answered", { number: itemOf.get(item).number, answer: shortened(told(item)) });
    },
    close() {
      removeEventListener("pagehide", flush);
      flush();
    },
  };
}
