// The legend: every label as a button with its key, line, name and count; its test on focus, hover or touch.

import { make, rich, rove } from "./dom.js";
import { actionOf } from "./keyboard.js";

/** A sample of a label's line and tint. */
export const swatch = (label) =>
  make(
    "span.kit-swatch",
    { "aria-hidden": "true" },
    make("span.kit-line", { "data-line": label.line, "data-level": 0 }, label.tag || "ab"),
  );

/**
 * What tells a label from the others: its test, an example, a near miss.
 * @param {object} label
 * @param {ReturnType<import("./words.js").createWords>} say
 */
export function explanation(label, say) {
  const lines = [make("p.kit-test", {}, label.test)];
  if (label.example) {
    lines.push(
      make("p", {}, make("b", {}, say("legend.example")), " ", make("q", {}, ...rich(label.example, "mark"))),
    );
  }
  if (label.nearMiss) {
    lines.push(
      make(
        "p",
        {},
        make("b", {}, say("legend.near_miss")),
        " ",
        make("q", {}, ...rich(label.nearMiss)),
        label.nearMissIs ? ` (${label.nearMissIs})` : "",
      ),
    );
  }
  return lines;
}

/**
 * @param {object[]} labels
 * @param {ReturnType<import("./words.js").createWords>} say
 * @param {{uid: string, choose: (label: string, event: Event) => void, how?: string}} given
 */
export function createLegend(labels, say, { uid, choose, how = say("legend.how") }) {
  const counts = new Map();
  const panel = make("div.kit-explanation", { id: `${uid}-explanation` });
  let shown = null;

  const show = (label) => {
    if (shown === label) return;
    shown = label;
    panel.replaceChildren(make("p.kit-explanation-name", {}, label.name), ...explanation(label, say));
    for (const button of bar.querySelectorAll("button")) {
      button.classList.toggle("is-shown", button.dataset.label === label.id);
    }
  };

  const buttons = labels.map((label) => {
    const count = make("span.kit-count", {});
    counts.set(label.id, count);
    return make(
      "button.kit-label",
      {
        "data-label": label.id,
        "aria-describedby": `${uid}-test-${label.id}`,
        onfocus: () => show(label),
        onpointerenter: (event) => event.pointerType === "mouse" && show(label),
        onpointerdown: (event) => event.preventDefault(), // keeps the selection
        onclick(event) {
          show(label);
          choose(label.id, event);
        },
      },
      make("kbd.kit-key", {}, label.key),
      swatch(label),
      make("span.kit-label-name", {}, label.name),
      count,
    );
  });

  const bar = make(
    "div.kit-labels",
    { role: "toolbar", "aria-label": say("legend.title"), "aria-orientation": "vertical" },
    ...buttons,
  );
  const roving = rove(bar, "button");
  bar.addEventListener("keydown", (event) => {
    const action = actionOf(event, "buttons");
    if (!action) return;
    event.preventDefault();
    const steps = { "item-next": 1, "item-back": -1, "item-first": -Infinity, "item-last": Infinity };
    roving.move(steps[action.act]);
  });

  const tests = make(
    "dl.kit-tests",
    {},
    ...labels.map((label) =>
      make(
        "div",
        {},
        make("dt", {}, swatch(label), " ", label.name),
        make("dd", { id: `${uid}-test-${label.id}` }, label.test),
      ),
    ),
  );
  const element = make(
    "div.kit-legend",
    {},
    make("h3.kit-heading", {}, say("legend.title")),
    make("p.kit-small", {}, how),
    bar,
    panel,
    make("details.kit-all-tests", {}, make("summary", {}, say("legend.all")), tests),
  );
  if (labels.length) show(labels[0]);

  return {
    element,
    show,
    /** @param {Map<string, number>} numbers how many marks each label has */
    count(numbers) {
      for (const label of labels) {
        const number = numbers.get(label.id) ?? 0;
        const text = number ? String(number) : "";
        const place = counts.get(label.id);
        if (place.textContent === text) continue;
        place.textContent = text;
        if (text) place.setAttribute("aria-label", say("count.marks", { count: number }));
        else place.removeAttribute("aria-label");
      }
    },
  };
}
