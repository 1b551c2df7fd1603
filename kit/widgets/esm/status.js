// The status line, and the banners that say what to do when something is in the way.

import { make } from "./dom.js";

const ICONS = { opening: "○", saved: "●", saving: "◌", late: "◐", failed: "▲", readonly: "■", handed: "●" };

/**
 * @param {ReturnType<import("./words.js").createWords>} say
 * @param {{retry: () => void, take: () => void}} on
 */
export function createStatus(say, on) {
  const icon = make("span.kit-status-icon", { "aria-hidden": "true" });
  const words = make("span", {});
  // Silence is success: nothing here is announced; what a learner must hear goes through live.js.
  const line = make("p.kit-status", { role: "status", "aria-live": "off" }, icon, words);
  const banners = make("div.kit-banners", {});
  const shown = new Map();

  const banner = (name, on_, text, button) => {
    const known = shown.get(name);
    if (known && (!on_ || known.text !== text)) {
      known.element.remove();
      shown.delete(name);
    }
    if (!on_ || shown.has(name)) return;
    const element = make(
      "div.kit-banner",
      { "data-banner": name },
      make("p", {}, text),
      button && make("button.kit-button", { onclick: button.run }, button.text),
    );
    shown.set(name, { element, text });
    banners.append(element);
  };

  return {
    line,
    banners,
    /**
     * @param {string} name which state
     * @param {string} text
     */
    show(name, text) {
      line.dataset.state = name;
      icon.textContent = ICONS[name] ?? "";
      if (words.textContent !== text) words.textContent = text;
    },
    gone: (is) => banner("gone", is, say("banner.gone"), { text: say("banner.retry"), run: on.retry }),
    failed: (why) => banner("failed", Boolean(why), say("banner.failed", { why }), { text: say("banner.retry"), run: on.retry }),
    readonly: (is) => banner("readonly", is, say("banner.readonly"), { text: say("banner.take"), run: on.take }),
    aside: (count) => banner("aside", count > 0, count > 0 ? say("banner.aside", { count }) : ""),
    refused: (why) => banner("refused", Boolean(why), say("banner.refused", { why })),
  };
}
