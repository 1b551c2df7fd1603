// The bar under the text: check the paragraph of the cursor, check all, a hint; how many tries are left.

import { make } from "./dom.js";

/**
 * @param {object} host
 * @param {object} on
 * @param {(paragraphs: string[]) => void} on.check
 * @param {(paragraph: string) => void} on.hint
 */
export function createChecks(host, on) {
  const { view, say } = host;
  let current = view.asked[0];
  let busy = false;

  const leftIn = (name) => host.feedback(name)?.left ?? view.attempts;
  const open = () => view.asked.filter((name) => leftIn(name) > 0);
  const one = make("button.kit-button.is-main", { onclick: () => on.check([current]) });
  one.setAttribute("aria-keyshortcuts", "v");
  const all = make("button.kit-button", { onclick: () => on.check(open()) }, say("check.all"));
  const hint = make("button.kit-button", { onclick: () => on.hint(current) }, say("check.hint"));
  const tries = make("p.kit-small");
  const element = make("div.kit-checks", {}, make("div.kit-row-buttons", {}, one, all, hint), tries);

  const draw = () => {
    const left = leftIn(current);
    const can = host.writable() && !busy;
    const place = host.place(current);
    one.textContent = busy ? say("check.busy") : say("check.one", { place });
    one.disabled = !can || left <= 0;
    all.disabled = !can || !open().length;
    all.hidden = view.asked.length < 2;
    hint.disabled = !can || host.feedback(current)?.moreHints === false;
    hint.textContent = say("check.hint", { place });
    tries.textContent = say("check.left", { count: left, place });
  };

  return {
    element,
    draw,
    /** The cursor went to a paragraph. */
    at(name) {
      if (name === current || !view.asked.includes(name)) return;
      current = name;
      draw();
    },
    /** The key for it was pressed: from the middle of many clauses the button is far away. */
    press: () => one.click(),
    busy(is) {
      busy = is;
      draw();
    },
  };
}
