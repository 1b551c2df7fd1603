// Neutral rewriting: a box for one's own words, and a checklist to hold them against.

import { make } from "./dom.js";
import { createWriting } from "./writing.js";

/** @type {import("./items.js").CreateControl} */
export function createRewrite(host, item, on) {
  const { say } = host;
  const put = (text, event) => {
    const checks = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    if (!text.trim() && !checks.length) on.put(null, event);
    else on.put({ text, ...(checks.length && { checks }) }, event);
  };
  const writing = createWriting(host, { name: on.name, put });
  const boxes = item.checks.map(({ id }) =>
    make("input", { type: "checkbox", value: id, onchange: (event) => put(writing.text(), event) }),
  );
  const title = make("p.kit-subhead", { id: `${on.name}-checks` }, say("item.checks"));
  const list = make(
    "div.kit-checklist",
    { role: "group", "aria-labelledby": title.id },
    title,
    ...item.checks.map(({ name }, at) => make("label.kit-check", {}, boxes[at], make("span", {}, name))),
  );
  return {
    element: make("div.kit-rewrite", {}, writing.element, list),
    focus: writing.focus,
    flush: writing.flush,
    draw(value, writable) {
      writing.draw(value?.text ?? "", writable);
      for (const box of boxes) {
        box.checked = Boolean(value?.checks?.includes(box.value));
        box.disabled = !writable;
      }
    },
    answered: (value) => Boolean(value?.text?.trim()),
    told: ({ text }) => text,
  };
}
