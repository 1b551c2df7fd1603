// A verdict on a statement: evidence cards to open, four answers, and how sure one is.

import { make } from "./dom.js";
import { createRadios } from "./item-choice.js";

/** @type {import("./items.js").CreateControl} */
export function createVerdict(host, item, on) {
  const { say } = host;
  const part = (field, value, event) => on.put({ ...on.value(), [field]: value }, event);
  const titled = (name, words, group) =>
    make("div.kit-verdict-part", {}, make("p.kit-subhead", { id: `${on.name}-${name}` }, words), group);

  const verdicts = createRadios(host, {
    name: `${on.name}-verdict`,
    options: item.options,
    choose: (id, event) => part("verdict", id, event),
    labelledby: `${on.name}-said`,
  });
  const sure = createRadios(host, {
    name: `${on.name}-sure`,
    options: item.confidence,
    choose: (id, event) => part("confidence", Number(id), event),
    labelledby: `${on.name}-how`,
    keys: false,
  });

  // The order in which cards are opened is kept: what was looked at first tells how one checks.
  const card = ({ id, title, text, head }) => {
    const element = make(
      "details.kit-evidence",
      { "data-card": id },
      make("summary", {}, make("b", {}, `${id} · ${title}`), make("span.kit-small", {}, ` ${head.join(" · ")}`)),
      make("p", {}, text),
    );
    element.addEventListener("toggle", () => {
      const opened = on.value()?.cards ?? [];
      if (element.open && opened.at(-1) !== id) part("cards", [...opened, id].slice(-100));
    });
    return element;
  };
  const cards = item.cards.map(card);

  return {
    element: make(
      "div.kit-verdict",
      {},
      cards.length > 0 && make("div", { role: "group", "aria-label": say("item.cards") }, ...cards),
      titled("said", say("item.verdict"), verdicts.element),
      titled("how", say("item.sure"), sure.element),
    ),
    draw(value, writable) {
      verdicts.draw(value?.verdict, writable);
      sure.draw(String(value?.confidence), writable);
    },
    focus: verdicts.focus,
    digit: verdicts.digit,
    answered: (value) => Boolean(value?.verdict),
    told(value) {
      const name = (options, id) => options.find((each) => each.id === String(id))?.name;
      const said = name(item.options, value.verdict) ?? say("item.blank");
      const how = name(item.confidence, value.confidence);
      return how ? `${said} (${how})` : said;
    },
  };
}
