// Makes elements. Text goes in as text, never as markup.

const FOCUSABLE = "button, input, select, textarea, summary, a[href], [tabindex]";

/**
 * Make an element.
 * @param {string} name tag and classes: "button.kit-button"
 * @param {Record<string, any>} [props] attributes; a function is a listener ("onclick"); false and null are left out
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {HTMLElement}
 */
export function make(name, props = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  if (tag === "button") element.type = "button";
  for (const [key, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child || child === ""));
  // JupyterLab's shortcuts match the focused element itself, so a parent cannot fend them off.
  if (element.matches(FOCUSABLE)) element.dataset.lmSuppressShortcuts = "true";
  return element;
}

/**
 * Text in which *this* is emphasised and **this** is strong, as nodes.
 * @param {string} text
 * @param {string} [strong] the element for **this**
 */
export function rich(text, strong = "strong") {
  const parts = text.split(/(\*\*[^*]+\*\*|\*[^*\n]+\*)/);
  return parts.filter(Boolean).map((part) => {
    if (/^\*\*.+\*\*$/.test(part)) return make(strong, {}, part.slice(2, -2));
    if (/^\*.+\*$/.test(part)) return make("em", {}, part.slice(1, -1));
    return document.createTextNode(part);
  });
}

/**
 * One tab stop for a group of buttons; arrows go from one to the next.
 * @param {HTMLElement} group
 * @param {string} selector
 */
export function rove(group, selector) {
  const all = () => [...group.querySelectorAll(selector)].filter((each) => !each.hidden);
  const settle = (chosen) => {
    const buttons = all();
    const stop = buttons.includes(chosen)
      ? chosen
      : (buttons.find((each) => each.tabIndex === 0) ?? buttons[0]);
    for (const each of buttons) each.tabIndex = each === stop ? 0 : -1;
  };
  group.addEventListener("focusin", (event) => settle(event.target.closest(selector)));
  settle();
  return {
    settle,
    /** @param {number} step -1 or 1; Infinity goes to an end */
    move(step) {
      const buttons = all();
      const at = buttons.indexOf(group.getRootNode().activeElement);
      const to = Number.isFinite(step)
        ? (at + step + buttons.length) % buttons.length
        : step > 0
          ? buttons.length - 1
          : 0;
      buttons[to]?.focus();
    },
  };
}
