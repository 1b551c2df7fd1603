// Undo, redo, size of the text and help on keys: one tab stop. The size alone is kept in localStorage.

import { make, rove } from "./dom.js";
import { actionOf, helpOf } from "./keyboard.js";

const SIZES = [0.9, 1, 1.15, 1.35, 1.6, 2];
const SIZE_KEY = "kit:text-size";

/**
 * @param {HTMLElement} root gets the size as a CSS variable
 * @param {object} view
 * @param {ReturnType<import("./words.js").createWords>} say
 * @param {{undo: (event: Event) => void, redo: (event: Event) => void}} on
 */
export function createToolbar(root, view, say, on) {
  const button = (name, run, text = say(`toolbar.${name}`)) =>
    make("button.kit-tool", { "data-tool": name, "aria-label": say(`toolbar.${name}`), onclick: run }, text);
  const undo = button("undo", (event) => usable(undo) && on.undo(event));
  const redo = button("redo", (event) => usable(redo) && on.redo(event));
  const smaller = button("smaller", () => resize(-1), "A−");
  const larger = button("larger", () => resize(1), "A+");
  const help = createHelp(view, say);
  const helpButton = button("help", () => toggle());
  helpButton.setAttribute("aria-expanded", "false");
  const bar = make(
    "div.kit-toolbar",
    { role: "toolbar", "aria-label": say("toolbar.title") },
    ...[undo, redo, smaller, larger, helpButton],
  );
  const roving = rove(bar, "button");
  bar.addEventListener("keydown", (event) => {
    const action = actionOf(event, "buttons");
    if (!action) return;
    event.preventDefault();
    const steps = { "item-next": 1, "item-back": -1, "item-first": -Infinity, "item-last": Infinity };
    roving.move(steps[action.act]);
  });

  // A button that is out of use keeps its place, so that the keyboard does not fall out of the bar.
  const usable = (each) => each.getAttribute("aria-disabled") !== "true";
  const use = (each, can) => each.setAttribute("aria-disabled", String(!can));

  let size = SIZES.indexOf(1);
  try {
    const kept = SIZES.indexOf(Number(localStorage.getItem(SIZE_KEY)));
    if (kept >= 0) size = kept;
  } catch {
    // Storage is closed: the size holds as long as the page.
  }
  const apply = () => {
    root.style.setProperty("--kit-size", String(SIZES[size]));
    use(smaller, size > 0);
    use(larger, size < SIZES.length - 1);
  };
  const resize = (step) => {
    size = Math.max(0, Math.min(SIZES.length - 1, size + step));
    apply();
    try {
      localStorage.setItem(SIZE_KEY, String(SIZES[size]));
    } catch {
      // As above.
    }
  };
  const toggle = () => {
    help.hidden = !help.hidden;
    helpButton.setAttribute("aria-expanded", String(!help.hidden));
    if (!help.hidden) help.querySelector("h3").focus();
  };
  apply();

  return {
    element: bar,
    help,
    toggleHelp: toggle,
    draw(canUndo, canRedo) {
      use(undo, canUndo);
      use(redo, canRedo);
    },
  };
}

/** The help panel, drawn from the table of keys. */
function createHelp({ kind, exam }, say) {
  const nameOf = (key) =>
    key
      .split("+")
      .filter((part, index, all) => part || index < all.length - 1)
      .map((part) => keyName(part, say))
      .join(" + ");
  const groups = helpOf(kind, exam).map(({ where, rows }) =>
    make(
      "div",
      {},
      make("h4", {}, say(`keys.${where}`)),
      make(
        "dl",
        {},
        ...rows.map(({ help, keys }) =>
          make(
            "div",
            {},
            make("dt", {}, ...keys.flatMap((key, at) => [at ? " " : null, make("kbd", {}, key === "+" ? "+" : nameOf(key))])),
            make("dd", {}, say(`does.${help}`)),
          ),
        ),
      ),
    ),
  );
  return make(
    "div.kit-help",
    { hidden: true },
    make("h3.kit-heading", { tabindex: -1 }, say("toolbar.help")),
    make("div.kit-help-groups", {}, ...groups),
  );
}

const ARROWS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

function keyName(part, say) {
  if (ARROWS[part]) return ARROWS[part];
  return part.length === 1 ? part.toUpperCase() : say(`key.${part}`);
}
