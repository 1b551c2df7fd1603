// The attribution task: who says what. Source, cue and content are marked in the text; a card holds each attribution.

import { make, rich } from "./dom.js";
import { createLegend, swatch } from "./legend.js";
import { createMarking } from "./marking.js";
import { freshName } from "./names.js";
import { overlap, sameRanges } from "./pieces.js";
import { SIGNS } from "./text.js";
import { shortened } from "./words.js";

const CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";

/**
 * @param {object} host
 * @returns {import("./annotator.js").Kind}
 */
export function createAttribution(host) {
  const { view, say, live } = host;
  const parts = view.parts.map((part, at) => ({ ...part, line: at, key: part.key ?? String(at + 1) }));
  const partOf = new Map(parts.map((part) => [part.id, part]));
  const questions = view.properties;
  let marks = [];
  let order = []; // ids of the attributions in the order of the text
  let active = null; // the attribution that is being worked on
  let fresh = null; // one that was begun and has nothing in it yet
  let armed = null; // the part that the next selection becomes, even if it is there already

  const value = (id) => host.answers().get(id);
  const numberOf = (id) => CIRCLED[order.indexOf(id)] ?? `(${order.indexOf(id) + 1})`;
  const rangesOf = (answer) => parts.flatMap(({ id }) => answer?.[id] ?? []);
  const startOf = (id) => Math.min(...rangesOf(value(id)).map(([start]) => start), Infinity);
  const placesOf = (answer) => marking.touching(rangesOf(answer));
  const idOf = (mark) => mark.split(":");

  const collect = () => {
    const ids = [...host.answers().keys()];
    if (fresh && !host.answers().has(fresh)) ids.push(fresh);
    else fresh = null;
    order = ids.sort((a, b) => startOf(a) - startOf(b) || 0);
    if (active && !order.includes(active)) active = null;
    marks = order.flatMap((id) => {
      const present = parts.filter((part) => value(id)?.[part.id]?.length);
      return present.map((part, at) => ({
        id: `${id}:${part.id}`,
        ranges: value(id)[part.id],
        label: part.id,
        line: part.line,
        name: part.name,
        tag: part.tag ?? "",
        number: numberOf(id),
        sign: at === 0 ? host.signOf(id) : undefined,
      }));
    });
  };

  /** Answers without anything in them are taken away. */
  const tidy = (answer) => (Object.keys(answer).length ? answer : null);
  const without = (answer, name) => Object.fromEntries(Object.entries(answer).filter(([key]) => key !== name));

  const book = {
    labels: parts,
    marks: () => marks,
    put(ranges, part, event) {
      // A part that is there already begins the next attribution, unless it was asked for again.
      const goesOn = active && (armed === part || !value(active)?.[part]);
      const id = goesOn ? active : freshName("a");
      active = id;
      armed = null;
      fresh = null;
      host.change([[id, { ...value(id), [part]: ranges }]], event);
      const next = parts.find((each) => !value(id)[each.id]);
      live.say(
        [
          say("attribution.put", { part: partOf.get(part).name, number: numberOf(id) }),
          next ? say("attribution.next", { part: next.name, key: next.key }) : say("attribution.whole"),
        ].join(" "),
      );
      return `${id}:${part}`;
    },
    relabel(mark, part, event) {
      const [id, from] = idOf(mark);
      if (from === part) return live.say(say("live.already", { label: partOf.get(part).name }));
      const answer = value(id);
      const next = { ...without(answer, from), [part]: answer[from] };
      if (answer[part]) next[from] = answer[part]; // the two change places
      active = id;
      host.change([[id, next]], event);
      marking.pick(`${id}:${part}`);
      live.say(say("live.relabelled", { label: partOf.get(part).name }));
    },
    reshape(mark, ranges, event) {
      const [id, part] = idOf(mark);
      host.change([[id, { ...value(id), [part]: ranges }]], event);
      live.say(say("live.reshaped", { quote: marking.quote(ranges) }));
    },
    remove(mark, event) {
      const [id, part] = idOf(mark);
      host.change([[id, tidy(without(value(id), part))]], event);
      live.say(say("attribution.part_removed", { part: partOf.get(part).name, number: numberOf(id) }));
    },
  };

  const marking = createMarking(host, book);
  const legend = createLegend(parts, say, { uid: host.uid, choose: marking.label, how: say("legend.how_attribution") });

  // --- cards ---------------------------------------------------------------------------------

  const begin = () => {
    active = fresh = freshName("a");
    armed = null;
    drawCards();
    marking.focus();
    marking.ask(say("attribution.begun"));
  };

  const newOne = make("button.kit-button.is-main", { onclick: begin }, say("attribution.new"));
  const heading = make("h3.kit-heading", { tabindex: -1 });
  const cards = make("ol.kit-cards");
  const empty = make(
    "div.kit-empty",
    {},
    make("p", {}, say("empty.attribution")),
    make("p.kit-example", {}, ...rich(say("empty.attribution_example"))),
  );
  const section = make("div.kit-passages", {}, heading, newOne, empty, cards);

  const partRow = (id, part) => {
    const ranges = value(id)?.[part.id];
    const can = host.writable();
    const named = (act) => say(`attribution.${act}_named`, { part: part.name, number: numberOf(id) });
    return make(
      "div.kit-part",
      {},
      make("dt", {}, swatch(part), " ", part.name),
      make(
        "dd",
        {},
        ranges
          ? make(
              "button.kit-row-quote",
              { onclick: () => marking.goTo(`${id}:${part.id}`), "aria-label": say("list.go_named", { quote: shortened(marking.quote(ranges), 60) }) },
              make("span.kit-quote", { lang: host.textLang }, shortened(marking.quote(ranges), 60)),
            )
          : make("span.kit-small", {}, armed === part.id && active === id ? say("attribution.armed", { key: part.key }) : part.test),
        can &&
          make(
            "span.kit-row-buttons",
            {},
            make("button.kit-quiet", { "data-act": `mark-${part.id}`, onclick: () => arm(id, part), "aria-label": named("mark") }, say(ranges ? "attribution.again" : "attribution.mark")),
            ranges && make("button.kit-quiet", { onclick: (event) => book.remove(`${id}:${part.id}`, event), "aria-label": named("clear") }, say("attribution.clear")),
          ),
      ),
    );
  };

  const arm = (id, part) => {
    active = id;
    armed = part.id;
    if (marking.selecting) return marking.label(part.id);
    drawCards();
    marking.focus();
    marking.ask(say("attribution.select", { part: part.name, key: part.key }));
  };

  const question = (id, property) => {
    const field = `${host.uid}-${id}-${property.id}`;
    const chosen = value(id)?.[property.id] ?? "";
    const test = make("p.kit-small", { id: `${field}-test` });
    const show = (name) => (test.textContent = property.values.find((each) => each.id === name)?.test ?? "");
    const select = make(
      "select",
      {
        id: field,
        "aria-describedby": test.id,
        disabled: !host.writable(),
        onchange(event) {
          const { value: name } = event.target;
          const rest = without(value(id) ?? {}, property.id);
          show(name);
          host.change([[id, tidy(name ? { ...rest, [property.id]: name } : rest)]], event);
        },
      },
      make("option", { value: "" }, say("attribution.choose")),
      ...property.values.map((each) => make("option", { value: each.id }, each.name)),
    );
    select.value = chosen;
    show(chosen);
    return make("div.kit-question-row", {}, make("label", { for: field }, property.question), select, test);
  };

  const card = (id) => {
    const open = id === active;
    const answer = value(id) ?? {};
    const told = host.signOf(id);
    const have = parts.filter((part) => answer[part.id]).length;
    const said = questions.filter((each) => answer[each.id]).length;
    const first = answer.source ?? rangesOf(answer).slice(0, 1);
    return make(
      "li.kit-card",
      { "data-attribution": id },
      make(
        "button.kit-card-head",
        { "aria-expanded": String(open), onclick: () => toggle(id) },
        make("span.kit-card-number", { "aria-hidden": "true" }, numberOf(id)),
        make(
          "span.kit-card-title",
          {},
          make("span.kit-live", {}, say("attribution.one", { number: order.indexOf(id) + 1 })),
          first.length ? shortened(marking.quote(first), 40) : say("attribution.fresh"),
          make("span.kit-small", {}, say("attribution.state", { parts: have, of_parts: parts.length, said, of_said: questions.length })),
        ),
        told && make("span.kit-sign", { "data-sign": told }, make("span", { "aria-hidden": "true" }, SIGNS[told]), say(`sign.${told}`)),
      ),
      open &&
        make(
          "div.kit-card-body",
          {},
          make("dl", {}, ...parts.map((part) => partRow(id, part))),
          make("div.kit-questions", {}, ...questions.map((each) => question(id, each))),
          host.writable() &&
            make("button.kit-quiet", { "data-act": "delete", onclick: (event) => drop(id, event) }, say("attribution.delete", { number: numberOf(id) })),
        ),
    );
  };

  const toggle = (id) => {
    active = active === id ? null : id;
    armed = null;
    drawCards();
    cards.querySelector(`[data-attribution="${id}"] .kit-card-head`)?.focus();
  };

  const drop = (id, event) => {
    if (fresh === id) fresh = null;
    if (value(id)) host.change([[id, null]], event);
    else {
      collect();
      drawCards();
    }
    live.say(say("attribution.deleted"));
    heading.focus();
  };

  /** Draw the cards anew; the keyboard stays where it was. */
  const drawCards = () => {
    collect();
    const focused = cards.getRootNode().activeElement;
    const inside = cards.contains(focused);
    const place = inside && { id: focused.id, act: focused.dataset.act, card: focused.closest("li").dataset.attribution };
    heading.textContent = say("attribution.title_count", { count: order.length });
    newOne.disabled = !host.writable();
    empty.hidden = order.length > 0;
    cards.replaceChildren(...order.map(card));
    if (!place) return;
    const again = place.id
      ? cards.querySelector(`[id="${place.id}"]`)
      : cards.querySelector(`[data-attribution="${place.card}"] [data-act="${place.act}"]`);
    (again ?? cards.querySelector(`[data-attribution="${place.card}"] .kit-card-head`) ?? heading).focus();
  };

  const drawSides = () => {
    drawCards();
    const numbers = new Map();
    for (const { label } of marks) numbers.set(label, (numbers.get(label) ?? 0) + 1);
    legend.count(numbers);
  };

  const quoteOf = (id) => marking.quote(rangesOf(value(id)));

  return {
    elements: [marking.element, make("div.kit-side", {}, legend.element, section)],
    changed(steps) {
      collect();
      const renumbered = steps.some(({ before, after }) => !sameRanges(rangesOf(before), rangesOf(after)));
      const names = renumbered ? order.flatMap((id) => placesOf(value(id))) : [];
      marking.draw([...names, ...steps.flatMap(({ before, after }) => [...placesOf(before), ...placesOf(after)])]);
      drawSides();
    },
    refresh() {
      collect();
      marking.drawAll();
      drawSides();
    },
    goTo(id) {
      const mark = marks.find((each) => each.id.startsWith(`${id}:`));
      active = id;
      drawCards();
      if (mark) marking.goTo(mark.id);
    },
    has: (id) => host.answers().has(id),
    order: (id) => order.indexOf(id),
    quoteOf,
    nameOf: (id) => say("attribution.one", { number: order.indexOf(id) + 1 }),
    paragraphsOf: (_item, answer) => placesOf(answer),
    over: (ranges) =>
      order
        .filter((id) => value(id) && overlap(rangesOf(value(id)), ranges))
        .map((id) => ({
          item: id,
          quote: quoteOf(id),
          name: say("attribution.one", { number: order.indexOf(id) + 1 }),
          label: null,
          same: sameRanges([...rangesOf(value(id))].sort((a, b) => a[0] - b[0]), ranges),
        })),
    missing() {
      if (!host.answers().size) return [say("missing.attributions")];
      const open = order.filter((id) => {
        const answer = value(id) ?? {};
        return !answer.source || !answer.content || questions.some((each) => !answer[each.id]);
      });
      return open.length ? [say("missing.incomplete", { count: open.length, numbers: open.map(numberOf).join(" ") })] : [];
    },
    summary: () => say("count.attributions", { count: host.answers().size }),
    told([{ item, after }]) {
      if (after) active = item;
      drawCards();
      return after ? say("attribution.back", { number: order.indexOf(item) + 1, quote: shortened(quoteOf(item)) }) : say("attribution.deleted");
    },
    close: marking.close,
  };
}
