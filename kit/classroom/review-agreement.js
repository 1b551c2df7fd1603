// How far two markers agree, once both have finished; the answers far apart, and what was agreed on.

import { make } from "./dom.js";

/** @param {object} host as in `createQueue` */
export function createAgreement(host) {
  const { say, levels } = host;
  const element = make("div.kit-agreement");
  const number = new Intl.NumberFormat(host.lang, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(host.lang, { style: "percent", maximumFractionDigits: 0 });

  const row = (id, words) => make("tr", {}, make("th", { scope: "row" }, say(`agreement.${id}`)), make("td", {}, words));

  const apart = (pair) => (answer) => {
    const [one, other] = pair.markers;
    const [first, second] = answer.points;
    const settle = levels.map((points) =>
      make(
        "button.kit-tool",
        {
          "aria-pressed": String(answer.settled === points),
          onclick: () => host.act({ do: "settle", answer: answer.id, points, comment: "" }),
        },
        String(points),
      ),
    );
    const label = say("agreement.settle", { number: answer.number });
    return make(
      "li.kit-apart",
      { "data-answer": answer.id },
      make("h4", {}, `${say("queue.copy", { number: answer.number })} · ${answer.question}`),
      make("p.kit-written", { dir: "auto" }, answer.text),
      make("p", {}, say("agreement.gap", { one, first, other, second })),
      ...answer.comments.filter(Boolean).map((words) => make("p.kit-small", {}, words)),
      make("div.kit-row-buttons", { role: "group", "aria-label": label }, make("span", { "aria-hidden": "true" }, label), ...settle),
      answer.settled !== null && make("p.kit-tick", { "data-state": "saved" }, say("agreement.settled", { points: answer.settled })),
    );
  };

  const compared = (pair) => {
    const [one, other] = pair.markers;
    const kappa = pair.kappa === null ? say("agreement.undefined") : number.format(pair.kappa);
    return make(
      "section",
      {},
      make(
        "table.kit-figures",
        {},
        make("caption", {}, say("agreement.caption", { one, other })),
        make(
          "tbody",
          {},
          row("count", String(pair.count)),
          row("same", `${pair.same} (${percent.format(pair.same / pair.count)})`),
          row("kappa", kappa),
        ),
      ),
      make("p.kit-small", {}, say("agreement.about")),
      make("h3.kit-heading", { tabindex: -1 }, say("agreement.apart", { count: pair.apart.length })),
      pair.apart.length > 0 && make("p.kit-small", {}, say("agreement.until")),
      make("ol.kit-aparts", {}, ...pair.apart.map(apart(pair))),
    );
  };

  return {
    element,
    draw() {
      const state = host.state();
      const pairs = state?.agreement ?? [];
      const focused = element.getRootNode().activeElement?.closest?.(".kit-apart")?.dataset.answer;
      const note = make("p.kit-note", {}, say(state?.done ? "done.waiting" : "done.not_yet"));
      element.replaceChildren(...(pairs.length ? pairs.map(compared) : [note]));
      // A settled answer keeps the keyboard where it was.
      if (focused) element.querySelector(`[data-answer="${focused}"] button[aria-pressed="true"]`)?.focus();
    },
  };
}
