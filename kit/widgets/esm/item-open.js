// An open question: a box for one's own words, read by a teacher.

import { createWriting } from "./writing.js";

/** @type {import("./items.js").CreateControl} */
export function createOpenText(host, _item, on) {
  const writing = createWriting(host, {
    name: on.name,
    put: (text) => on.put(text.trim() ? { text } : null),
  });
  return {
    element: writing.element,
    focus: writing.focus,
    flush: writing.flush,
    draw: (value, writable) => writing.draw(value?.text ?? "", writable),
    told: ({ text }) => text,
  };
}
