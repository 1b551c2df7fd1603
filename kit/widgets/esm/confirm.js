// A button that asks once more, in its own place, before it does what cannot be taken back.

import { make } from "./dom.js";

/**
 * @param {ReturnType<import("./words.js").createWords>} say
 * @param {object} given
 * @param {string} given.text of the button
 * @param {() => string[]} given.question sentences: what will happen, what is missing
 * @param {string} given.yes
 * @param {(event: Event) => void} given.run
 * @param {string} [given.look] further class of the button
 */
export function createConfirm(say, { text, question, yes, run, look = "" }) {
  const open = make(`button.kit-button${look}`, { onclick: () => ask() }, text);
  const words = make("div.kit-question", { tabindex: -1 });
  const sure = make(
    "button.kit-button.is-main",
    {
      onclick(event) {
        close();
        run(event);
      },
    },
    yes,
  );
  const no = make("button.kit-button", { onclick: () => close() }, say("confirm.no"));
  const asking = make("div.kit-asking", { role: "group", hidden: true }, words, make("div.kit-row-buttons", {}, sure, no));
  const element = make("div.kit-confirm", {}, open, asking);

  const ask = () => {
    words.replaceChildren(...question().map((sentence) => make("p", {}, sentence)));
    asking.setAttribute("aria-label", text);
    open.hidden = true;
    asking.hidden = false;
    words.focus(); // read first, then the two buttons
  };
  const close = () => {
    const inside = asking.contains(asking.getRootNode().activeElement);
    asking.hidden = true;
    open.hidden = false;
    if (inside) open.focus();
  };
  asking.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  });
  return { element, button: open };
}
