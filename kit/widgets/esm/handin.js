// Handing in: what is missing, the receipt, and taking the work up again.

import { createConfirm } from "./confirm.js";
import { make } from "./dom.js";

/**
 * @param {object} host
 * @param {object} on
 * @param {() => string[]} on.question
 * @param {() => void} on.handIn
 * @param {() => void} on.takeBack
 */
export function createHandIn(host, on) {
  const { view, say } = host;
  const ask = createConfirm(say, {
    text: say("handin.do"),
    question: on.question,
    yes: say("handin.yes"),
    run: on.handIn,
    look: ".is-main",
  });
  const before = make("div.kit-handin-before", {}, ask.element, make("p.kit-small", {}, say("handin.about")));
  const heading = make("h3.kit-heading", { tabindex: -1 }, say("handin.title"));
  const after = make("div.kit-receipt", { hidden: true });
  const element = make("div.kit-handin", {}, heading, before, after);
  let shown = "";

  const copy = async (code, button) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = say("handin.copied");
    } catch {
      // No right to the clipboard: select it, so that one key press copies it.
      const range = document.createRange();
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = say("handin.selected");
    }
    host.live.say(button.textContent);
  };

  const receipt = ({ version, receipt: code_, at, file }) => {
    const code = make("code", {}, code_ ?? "");
    const copier = make("button.kit-button", { onclick: () => copy(code, copier) }, say("handin.copy"));
    const time = new Date(at);
    const when = Number.isNaN(time.getTime())
      ? String(at ?? "")
      : new Intl.DateTimeFormat(view.lang, { dateStyle: "long", timeStyle: "short" }).format(time);
    const row = (name, ...value) => make("div", {}, make("dt", {}, say(`handin.${name}`)), make("dd", {}, ...value));
    return [
      make("p.kit-done", {}, make("span", { "aria-hidden": "true" }, "✓ "), say("handin.done", { version: version ?? 1 })),
      make("dl", {}, row("receipt", code, " ", copier), row("file", make("span.kit-file", {}, file ?? "")), row("when", when)),
      make("p.kit-small", {}, say("handin.keep")),
      make(
        "div.kit-row-buttons",
        {},
        make("button.kit-button", { onclick: on.takeBack, disabled: !host.mine() }, say("handin.take_back")),
        make("p.kit-small", {}, say("handin.take_back_about")),
      ),
    ];
  };

  return {
    element,
    /** @param {object | null} handedIn */
    draw(handedIn) {
      const state = JSON.stringify([handedIn, host.mine()]);
      before.hidden = Boolean(handedIn);
      after.hidden = !handedIn;
      ask.button.disabled = !host.writable();
      if (state === shown) return;
      shown = state;
      after.replaceChildren(...(handedIn ? receipt(handedIn) : []));
    },
    focus: () => heading.focus(),
  };
}
