// A number and its unit: a line to write in, a list to choose from.

import { make } from "./dom.js";

const MOST_SIGNS = 100;

/** @type {import("./items.js").CreateControl} */
export function createNumber(host, item, on) {
  const { say } = host;
  const units = new Map(item.units.map(({ id, name }) => [id, name]));
  let typing = false; // what is being typed is not overwritten by what is drawn
  const answer = (event) => {
    typing = false;
    const text = input.value.trim();
    const unit = select?.value;
    on.put(text ? { text, ...(unit && { unit }) } : null, event);
  };
  const input = make("input.kit-amount", {
    type: "text",
    id: `${on.name}-number`,
    maxlength: MOST_SIGNS,
    autocomplete: "off",
    inputmode: "text",
    oninput: () => (typing = true),
    onchange: answer,
    onkeydown: (event) => event.key === "Enter" && answer(event),
  });
  const select = units.size
    ? make(
        "select",
        { id: `${on.name}-unit`, onchange: (event) => input.value.trim() && answer(event) },
        make("option", { value: "" }, say("item.choose")),
        ...item.units.map(({ id, name }) => make("option", { value: id }, name)),
      )
    : null;
  return {
    element: make(
      "div.kit-number-line",
      {},
      make("label", { for: input.id }, say("item.number")),
      input,
      select && make("label", { for: select.id }, say("item.unit")),
      select,
      item.tolerance && make("span.kit-small", {}, item.tolerance),
    ),
    draw(value, writable) {
      input.readOnly = !writable;
      if (!typing && input.value.trim() !== (value?.text ?? "")) input.value = value?.text ?? "";
      if (!select) return;
      select.disabled = !writable;
      if (value) select.value = value.unit ?? "";
    },
    focus: () => input.focus(),
    flush: () => typing && answer(),
    told: ({ text, unit }) => [text, units.get(unit)].filter(Boolean).join(" "),
  };
}
