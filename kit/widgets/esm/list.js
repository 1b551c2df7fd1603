// « Mes passages »: every mark as a row of a real list, with everything that can be done to it.

import { make, rich } from "./dom.js";
import { actionOf } from "./keyboard.js";
import { swatch } from "./legend.js";
import { SIGNS } from "./text.js";
import { shortened } from "./words.js";

const LONG_LIST = 60; // rows from which those out of sight skip rendering

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} quote
 * @property {object} label
 * @property {string} [sign]
 */

/**
 * @param {ReturnType<import("./words.js").createWords>} say
 * @param {object} on
 * @param {(id: string) => void} on.goTo
 * @param {(id: string, button: HTMLElement) => void} on.relabel
 * @param {(id: string, event: Event) => void} on.remove
 * @param {string} example of a label, with **the words to mark**
 * @param {string} exampleLabel
 */
export function createList(say, on, example, exampleLabel) {
  const heading = make("h3.kit-heading", { tabindex: -1 }, say("list.title"));
  const list = make("ul.kit-list", { hidden: true });
  const empty = make(
    "div.kit-empty",
    {},
    make("p", {}, say("empty.highlight")),
    example && make("p.kit-example", {}, make("q", {}, ...rich(example, "mark")), ` → ${exampleLabel}`),
  );
  const element = make("div.kit-passages", {}, heading, empty, list);
  const shown = new Map(); // id → {row, state}
  let writable = true;

  const draw = ({ id, quote, label, sign }) => {
    const words = shortened(quote, 60);
    const named = (act) => say(`list.${act}_named`, { quote: words });
    return make(
      "li.kit-row",
      { "data-mark": id },
      swatch(label),
      make(
        "button.kit-row-quote",
        { "data-act": "go", tabindex: -1, "aria-label": named("go") },
        make("span.kit-quote", {}, words),
        make("span.kit-row-label", {}, label.name),
      ),
      sign && make("span.kit-sign", { "data-sign": sign }, SIGNS[sign], make("span", {}, say(`sign.${sign}`))),
      writable &&
        make(
          "div.kit-row-acts",
          {},
          make("button.kit-quiet", { "data-act": "relabel", tabindex: -1, "aria-label": named("relabel") }, say("list.relabel")),
          make("button.kit-quiet", { "data-act": "remove", tabindex: -1, "aria-label": named("remove") }, say("list.remove")),
        ),
    );
  };

  const settle = (button) => {
    const stop = button ?? list.querySelector("button[tabindex='0']") ?? list.querySelector("button");
    for (const each of list.querySelectorAll("button[tabindex='0']")) each.tabIndex = -1;
    if (stop) stop.tabIndex = 0;
  };

  list.addEventListener("focusin", (event) => settle(event.target.closest("button")));
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const id = button?.closest("li").dataset.mark;
    if (!button) return;
    if (button.dataset.act === "go") on.goTo(id);
    else if (button.dataset.act === "relabel") on.relabel(id, button);
    else remove(button.closest("li"), event);
  });

  const remove = (row, event) => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    on.remove(row.dataset.mark, event);
    const target = next?.isConnected ? next.querySelector("button") : heading;
    target.focus();
  };

  list.addEventListener("keydown", (event) => {
    const action = actionOf(event, "list");
    const button = event.target.closest("button");
    if (!action || !button) return;
    event.preventDefault();
    const row = button.closest("li");
    const at = [...row.querySelectorAll("button")].indexOf(button);
    const inRow = (target, index) => target?.querySelectorAll("button")[index]?.focus();
    const moves = {
      "item-next": () => inRow(row.nextElementSibling, at),
      "item-back": () => inRow(row.previousElementSibling, at),
      "item-first": () => inRow(list.firstElementChild, at),
      "item-last": () => inRow(list.lastElementChild, at),
      "part-next": () => inRow(row, at + 1),
      "part-back": () => inRow(row, at - 1),
      remove: () => writable && remove(row, event),
    };
    moves[action.act]();
  });

  return {
    element,
    /**
     * @param {Row[]} rows in the order of the text
     * @param {boolean} canWrite
     */
    draw(rows, canWrite) {
      if (canWrite !== writable) shown.clear();
      writable = canWrite;
      heading.textContent = say("list.title_count", { count: rows.length });
      empty.hidden = rows.length > 0;
      list.hidden = rows.length === 0;
      list.classList.toggle("is-long", rows.length > LONG_LIST);
      const focused = list.getRootNode().activeElement;
      const held = list.contains(focused) && [focused.closest("li").dataset.mark, focused.dataset.act];
      const wanted = new Set();
      let place = list.firstElementChild;
      for (const row of rows) {
        wanted.add(row.id);
        const state = `${row.quote}\n${row.label.id}\n${row.sign}`;
        let known = shown.get(row.id);
        if (known?.state !== state) {
          const fresh = { state, row: draw(row) };
          if (known) {
            if (place === known.row) place = known.row.nextElementSibling;
            known.row.remove();
          }
          shown.set(row.id, (known = fresh));
        }
        if (place === known.row) place = place.nextElementSibling;
        else list.insertBefore(known.row, place);
      }
      while (place) {
        const next = place.nextElementSibling;
        place.remove();
        place = next;
      }
      for (const id of shown.keys()) if (!wanted.has(id)) shown.delete(id);
      settle();
      if (held && !focused.isConnected) {
        shown.get(held[0])?.row.querySelector(`[data-act="${held[1]}"]`)?.focus(); // its row was drawn anew
      }
    },
  };
}
