// Things to match with others: a list to choose from for each.

import { make } from "./dom.js";

/** @type {import("./items.js").CreateControl} */
export function createMatch(host, item, on) {
  const { say } = host;
  const others = new Map(item.with.map(({ id, name }) => [id, name]));
  const rows = item.options.map(({ id, name }) => {
    const select = make(
      "select",
      {
        id: `${on.name}-${id}`,
        onchange(event) {
          const value = { ...on.value(), [id]: select.value };
          if (!select.value) delete value[id];
          on.put(Object.keys(value).length ? value : null, event);
        },
      },
      make("option", { value: "" }, say("item.choose")),
      ...item.with.map((other) => make("option", { value: other.id }, other.name)),
    );
    return { id, name, select, element: make("div.kit-match-row", {}, make("label", { for: select.id }, name), select) };
  });
  return {
    element: make("div.kit-match", {}, ...rows.map(({ element }) => element)),
    draw(value, writable) {
      for (const { id, select } of rows) {
        select.value = value?.[id] ?? "";
        select.disabled = !writable;
      }
    },
    focus: () => rows[0].select.focus(),
    told: (value) =>
      rows
        .filter(({ id }) => value[id])
        .map(({ id, name }) => `${name} → ${others.get(value[id])}`)
        .join(" · "),
  };
}
