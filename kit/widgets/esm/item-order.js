// Things to put in order: two buttons each, keys, or drag; the order shown first is not an answer.

import { make } from "./dom.js";

/** @type {import("./items.js").CreateControl} */
export function createOrder(host, item, on) {
  const { say, live } = host;
  const names = new Map(item.options.map(({ id, name }) => [id, name]));
  const first = [...names.keys()];
  let writable = true;
  let dragged = null;
  let shown = ""; // rows are drawn anew only when they differ: the keyboard may be among them

  const order = () => on.value() ?? first;

  const move = (id, to, event, back = "up") => {
    const ids = [...order()];
    const at = ids.indexOf(id);
    if (!writable || to < 0 || to >= ids.length || to === at) return;
    ids.splice(to, 0, ...ids.splice(at, 1));
    on.put(ids, event);
    live.say(say("item.moved", { name: names.get(id), number: to + 1, count: ids.length }));
    const row = list.children[to];
    const same = row.querySelector(`[data-act="${back}"]`);
    (same.disabled ? row.querySelector("button:not(:disabled)") : same)?.focus();
  };

  const row = (id, at, count) => {
    const button = (act, to, sign) =>
      make(
        "button.kit-quiet",
        {
          "data-act": act,
          "aria-label": say(`item.${act}`, { name: names.get(id) }),
          disabled: !writable || to < 0 || to >= count,
          onclick: (event) => move(id, to, event, act),
        },
        sign,
      );
    return make(
      "li.kit-order-row",
      {
        "data-option": id,
        draggable: writable ? "true" : null,
        ondragstart(event) {
          dragged = id;
          event.dataTransfer?.setData("text/plain", id);
        },
        ondragover: (event) => dragged && event.preventDefault(),
        ondrop(event) {
          event.preventDefault();
          if (dragged) move(dragged, at, event);
          dragged = null;
        },
      },
      button("up", at - 1, "↑"),
      button("down", at + 1, "↓"),
      make("span", {}, names.get(id)),
    );
  };

  const list = make("ol.kit-order");
  list.addEventListener("keydown", (event) => {
    const id = event.target.closest("[data-option]")?.dataset.option;
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!id || !way || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = order().indexOf(id);
    if (event.altKey) return move(id, at + way, event, event.target.dataset.act);
    list.children[at + way]?.querySelector("button:not(:disabled)")?.focus();
  });
  const focus = () => (list.querySelector("button:not(:disabled)") ?? list.querySelector("button")).focus();
  const keepIt = (event) => {
    on.put(order(), event);
    focus(); // the button goes: it is needed once
  };
  const keep = make("button.kit-button", { onclick: keepIt }, say("item.keep_order"));
  const about = make("p.kit-small", {}, say("item.how_order"));

  return {
    element: make("div", {}, about, list, keep),
    draw(value, can) {
      writable = can;
      const ids = value ?? first;
      keep.disabled = !can;
      keep.hidden = value !== null;
      const state = JSON.stringify([ids, can]);
      if (state === shown) return;
      shown = state;
      list.replaceChildren(...ids.map((id, at) => row(id, at, ids.length)));
    },
    focus,
    told: (value) => value.map((id) => names.get(id)).join(" → "),
  };
}
