// A box to write in: what is written is saved at each pause, and before anything else happens.

import { make } from "./dom.js";

const PAUSE = 1200; // ms without a key after which what is written is saved
const MOST_WRITTEN = 10000; // signs that are kept; more stays in the box, and a sentence says so

/**
 * @param {object} host
 * @param {object} given
 * @param {string} given.name the id of what names it
 * @param {(text: string) => void} given.put
 */
export function createWriting(host, { name, put }) {
  const { say } = host;
  let timer = null;

  const kept = () => [...area.value].slice(0, MOST_WRITTEN).join("");
  const flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    put(kept());
    host.pending(false);
  };
  const note = () => {
    const over = [...area.value].length - MOST_WRITTEN;
    count.textContent = over > 0 ? say("item.too_long", { most: MOST_WRITTEN, count: over }) : "";
    count.hidden = over <= 0;
  };
  const count = make("p.kit-small", { id: `${name}-count`, role: "status", hidden: true });
  const area = make("textarea.kit-writing", {
    rows: 6,
    "aria-labelledby": name,
    "aria-describedby": count.id,
    oninput() {
      note();
      clearTimeout(timer);
      timer = setTimeout(flush, PAUSE);
      host.pending(true);
    },
    onblur: () => flush(),
  });

  return {
    element: make("div.kit-write", {}, area, count),
    flush,
    text: kept,
    focus: () => area.focus(),
    /** Show what was kept, unless more is being written, or stands there already. */
    draw(text, writable) {
      area.readOnly = !writable;
      if (timer !== null || kept() === text) return;
      area.value = text;
      note();
    },
  };
}
