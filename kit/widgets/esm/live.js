// Says things aloud: one polite region and one that interrupts. Both are out of sight.

import { make } from "./dom.js";

/** @typedef {{element: HTMLElement, say: (text: string) => void, warn: (text: string) => void}} Live */

/** @returns {Live} */
export function createLive() {
  const polite = make("div.kit-live", { "aria-live": "polite" });
  const urgent = make("div.kit-live", { "aria-live": "assertive" });
  // A new element each time: the same word twice in a row is said twice.
  const put = (region) => (text) => region.replaceChildren(make("p", {}, text));
  return {
    element: make("div", {}, polite, urgent),
    say: put(polite),
    warn: put(urgent),
  };
}
