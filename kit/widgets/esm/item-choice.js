// A question with a few answers to choose from: native radio buttons, a digit for each.

import { make } from "./dom.js";

/**
 * A row of radio buttons.
 * @param {object} host
 * @param {object} given
 * @param {string} given.name of the group on the page
 * @param {{id: string, name: string}[]} given.options
 * @param {(id: string, event: Event) => void} given.choose
 * @param {string} [given.labelledby] the id of what names the group, where it is not the question
 * @param {boolean} [given.keys] whether digits choose
 */
export function createRadios(host, { name, options, choose, labelledby, keys = true }) {
  const radios = options.map(({ id }) =>
    make("input", { type: "radio", name, value: id, onchange: (event) => choose(id, event) }),
  );
  const row = options.map((option, at) =>
    make(
      "label.kit-option",
      {},
      radios[at],
      keys && at < 10 && make("kbd.kit-key", { "aria-hidden": "true" }, String((at + 1) % 10)),
      make("span", { lang: option.lang ?? host.view.lang }, option.name),
    ),
  );
  return {
    element: make("div.kit-options", labelledby ? { role: "radiogroup", "aria-labelledby": labelledby } : {}, ...row),
    draw(chosen, writable) {
      for (const radio of radios) {
        radio.checked = radio.value === chosen;
        radio.disabled = !writable;
      }
    },
    focus: () => (radios.find(({ checked }) => checked) ?? radios[0]).focus(),
    digit(digit, event) {
      const radio = radios[(Number(digit) + 9) % 10];
      if (!radio) return;
      choose(radio.value, event);
      radio.focus();
    },
  };
}

/** @type {import("./items.js").CreateControl} */
export function createChoice(host, item, on) {
  // Sentences of a text are in its language; that none fits is in the reader's.
  const options = item.options.map((option) =>
    item.quoted && option.id !== "none" ? { ...option, lang: host.textLang } : option,
  );
  const radios = createRadios(host, { name: on.name, options, choose: on.put });
  return {
    ...radios,
    told: (value) => item.options.find(({ id }) => id === value)?.name ?? String(value),
  };
}
