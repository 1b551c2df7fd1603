// The menu of labels: beside the selection, or a sheet at the bottom where there is little room.

import { make } from "./dom.js";
import { actionOf } from "./keyboard.js";
import { swatch } from "./legend.js";

const ROOM = 700; // px of widget width below which it is a sheet
const GAP = 8;

/**
 * @typedef {object} Opening
 * @property {string} title what the label is for: the selected words
 * @property {string | null} current the label it has now
 * @property {{text: string, run: () => void}[]} extras further commands
 * @property {(label: string) => void} choose
 * @property {() => Element | null} anchor
 * @property {boolean} [focus] whether the keyboard goes in
 * @property {HTMLElement} back where the keyboard goes afterwards
 */

/**
 * @param {HTMLElement} root
 * @param {object[]} labels
 * @param {ReturnType<import("./words.js").createWords>} say
 */
export function createMenu(root, labels, say) {
  const title = make("p.kit-menu-title");
  const items = make("div.kit-menu-items", { role: "menu", "aria-label": say("menu.title") });
  const element = make("div.kit-menu", { hidden: true, "data-lm-suppress-shortcuts": "true" }, title, items);
  const floats = typeof element.showPopover === "function";
  if (floats) element.popover = "manual"; // above everything, whatever clips the cell's output
  /** @type {Opening | null} */
  let opening = null;

  const close = (giveBack = true) => {
    if (!opening) return;
    const { back } = opening;
    const inside = element.contains(element.getRootNode().activeElement);
    opening = null;
    if (floats && element.matches(":popover-open")) element.hidePopover();
    element.hidden = true;
    if (giveBack && inside) back.focus({ preventScroll: true });
  };

  const choose = (id) => {
    const { choose: run } = opening;
    close();
    run(id);
  };

  const item = (label) => {
    const chosen = opening.current === label.id;
    return make(
      "button.kit-menu-item",
      {
        role: "menuitemradio",
        "aria-checked": String(chosen),
        tabindex: -1,
        onclick: () => choose(label.id),
      },
      make("kbd.kit-key", { "aria-hidden": "true" }, label.key),
      swatch(label),
      make("span", {}, label.name),
    );
  };

  const extra = ({ text, run }) =>
    make(
      "button.kit-menu-item.is-extra",
      {
        role: "menuitem",
        tabindex: -1,
        onclick() {
          close();
          run();
        },
      },
      text,
    );

  const place = () => {
    if (!opening || element.classList.contains("is-sheet")) return;
    const target = opening.anchor()?.getBoundingClientRect();
    if (!target) return;
    const { width, height } = element.getBoundingClientRect();
    const clamp = (at, size, room) => Math.max(GAP, Math.min(at, room - size - GAP));
    let left = clamp(target.left, width, innerWidth);
    let top = target.bottom + 2 * GAP; // room for the handles
    if (top + height > innerHeight) top = target.top - height - GAP;
    if (top < GAP) {
      top = clamp(target.bottom - height / 2, height, innerHeight);
      const right = target.right + 2 * GAP;
      left = right + width < innerWidth ? right : Math.max(GAP, target.left - width - 2 * GAP);
    }
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
    element.style.visibility = "visible";
  };

  element.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  element.addEventListener("keydown", (event) => {
    const action = actionOf(event, "menu");
    if (!action) {
      if ((event.ctrlKey || event.metaKey) && event.key.length === 1) close(); // undo may change what it is about
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...items.querySelectorAll("button")];
    const at = buttons.indexOf(element.getRootNode().activeElement);
    const to = {
      "item-next": (at + 1) % buttons.length,
      "item-back": (at - 1 + buttons.length) % buttons.length,
      "item-first": 0,
      "item-last": buttons.length - 1,
    }[action.act];
    if (to !== undefined) buttons[to].focus();
    else if (action.act === "close") close();
    else {
      const label = labels.find(({ key }) => key === action.digit);
      if (label) choose(label.id);
    }
  });

  return {
    element,
    get isOpen() {
      return opening !== null;
    },
    /** @param {Opening} given */
    open(given) {
      close(false);
      opening = given;
      title.textContent = given.title;
      items.replaceChildren(...labels.map(item), ...given.extras.map(extra));
      element.hidden = false;
      // Widths are read before anything else of this frame is laid out: no more than one layout.
      const sheet = root.clientWidth < ROOM || matchMedia("(pointer: coarse)").matches;
      element.classList.toggle("is-sheet", sheet);
      element.style.cssText = sheet ? "" : "visibility: hidden; left: 0; top: 0";
      if (floats) element.showPopover();
      requestAnimationFrame(() => {
        if (sheet) opening?.anchor()?.scrollIntoView({ block: "nearest" });
        place();
        if (given.focus && opening === given) {
          (items.querySelector("[aria-checked=true]") ?? items.firstElementChild)?.focus({
            preventScroll: true,
          });
        }
      });
    },
    close,
    place,
  };
}
