// The classifying task: every ready-cut clause gets one of a few answers, each a native radio button.

import { make } from "./dom.js";
import { actionOf } from "./keyboard.js";
import { createLegend } from "./legend.js";
import { overlap } from "./pieces.js";
import { SIGNS, createText } from "./text.js";
import { shortened } from "./words.js";

/**
 * @param {object} host
 * @returns {import("./annotator.js").Kind}
 */
export function createClassifier(host) {
  const { view, say, live, offsets } = host;
  const labels = view.labels.map((label, line) => ({ ...label, line }));
  const byId = new Map(labels.map((label) => [label.id, label]));
  const clauses = view.clauses.map((clause, at) => ({ ...clause, number: at + 1 }));
  const clauseOf = new Map(clauses.map((clause) => [clause.id, clause]));
  const text = createText(view, offsets, say, { textbox: {} });
  let current = clauses[0]?.id ?? null;

  const answerOf = (id) => byId.get(host.answers().get(id));
  const quoteOf = (id) => {
    const ranges = clauseOf.get(id)?.ranges ?? [];
    return ranges.map(([start, end]) => offsets.slice(start, end).replaceAll("\n", " ")).join(" … ");
  };

  const marks = () =>
    clauses.map(({ id, ranges, number }) => {
      const label = answerOf(id);
      return {
        id,
        ranges,
        number: String(number),
        line: label?.line ?? -1,
        name: label?.name ?? say("clause.blank"),
        tag: label?.tag ?? "",
        sign: host.signOf(id),
      };
    });

  // --- one clause ----------------------------------------------------------------------------

  const legendOf = ({ ranges, number }) => {
    const sentences = view.paragraphs.flatMap(({ segments }) => segments).filter((each) => overlap([each], ranges));
    const [from, to] = [sentences[0]?.[0] ?? ranges[0][0], sentences.at(-1)?.[1] ?? ranges.at(-1)[1]];
    const parts = [];
    let at = from;
    // The sentence around the clause is for the eyes: aloud, the paragraph has just been read.
    const around = (start, end) =>
      start < end && parts.push(make("span.kit-around", { "aria-hidden": "true" }, offsets.slice(start, end)));
    for (const [start, end] of ranges) {
      around(at, start);
      parts.push(make("span.kit-clause-words", {}, offsets.slice(start, end)));
      at = end;
    }
    around(at, to);
    return make(
      "legend.kit-clause-legend",
      {},
      make("span.kit-number", {}, make("span.kit-live", {}, say("clause.one")), ` ${number} `),
      make("span", { lang: host.textLang }, ...parts),
    );
  };

  const fieldset = (clause) => {
    const test = make("p.kit-small.kit-clause-test", { "aria-hidden": "true" });
    const sign = make("span.kit-sign", { hidden: true });
    const radios = labels.map((label) =>
      make("input", {
        type: "radio",
        name: `${host.uid}-${clause.id}`,
        value: label.id,
        "aria-describedby": `${host.uid}-test-${label.id}`,
        onchange: (event) => answer(clause.id, label.id, event),
        onfocus() {
          showTest(label);
          legend.show(label);
        },
      }),
    );
    const showTest = (label) => (test.textContent = label?.test ?? "");
    const options = labels.map((label, at) =>
      make(
        "label.kit-option",
        { onpointerenter: (event) => event.pointerType === "mouse" && legend.show(label) },
        radios[at],
        make("kbd.kit-key", { "aria-hidden": "true" }, label.key),
        make("span", {}, label.name),
      ),
    );
    const element = make(
      "fieldset.kit-clause",
      { "data-clause": clause.id, onfocusin: () => enter(clause.id) },
      legendOf(clause),
      make("div.kit-options", {}, ...options, sign),
      test,
    );
    return {
      element,
      radios,
      draw() {
        const label = answerOf(clause.id);
        for (const radio of radios) radio.checked = radio.value === label?.id;
        element.disabled = !host.writable();
        element.classList.toggle("is-answered", Boolean(label));
        showTest(label);
        const told = host.signOf(clause.id);
        sign.hidden = !told;
        if (!told) return;
        sign.dataset.sign = told;
        sign.replaceChildren(make("span", { "aria-hidden": "true" }, SIGNS[told]), say(`sign.${told}`));
      },
    };
  };

  const fields = new Map(clauses.map((clause) => [clause.id, fieldset(clause)]));

  // --- what a learner does -------------------------------------------------------------------

  const answer = (id, label, event) => {
    if (!host.writable() || (host.answers().get(id) ?? null) === label) return;
    host.change([[id, label]], event);
  };

  const enter = (id) => {
    if (current === id) return;
    const before = current;
    current = id;
    drawText([before, id]);
    host.atParagraph(clauseOf.get(id).paragraph);
  };

  const focusOn = (id) => {
    const { radios } = fields.get(id);
    (radios.find(({ checked }) => checked) ?? radios[0]).focus();
  };

  const step = (way) => {
    const at = clauses.findIndex(({ id }) => id === current) + way;
    if (clauses[at]) focusOn(clauses[at].id);
    else live.say(say(way > 0 ? "clause.last" : "clause.first"));
  };

  const onKey = (event) => {
    const action = actionOf(event, "clauses");
    const id = event.target.closest("[data-clause]")?.dataset.clause;
    if (!action || !id) return;
    event.preventDefault();
    if (action.act === "clause-next") step(1);
    else if (action.act === "clause-back") step(-1);
    else if (action.act === "remove") answer(id, null, event);
    else {
      const label = labels.find(({ key }) => key === action.digit);
      if (!label) return;
      answer(id, label.id, event);
      focusOn(id);
    }
  };

  // --- the page ------------------------------------------------------------------------------

  const blocks = view.paragraphs.map(({ name }) => {
    const here = clauses.filter((clause) => clause.paragraph === name);
    return make(
      "div.kit-clauses",
      {},
      text.paragraphs.get(name).element,
      ...here.map(({ id }) => fields.get(id).element),
    );
  });
  text.element.append(...blocks);
  text.element.addEventListener("keydown", onKey);
  text.element.addEventListener("click", (event) => {
    const id = event.target.closest("mark")?.dataset.marks?.split(" ").at(-1);
    if (id) focusOn(id);
  });

  const bar = make("progress", { max: clauses.length, "aria-hidden": "true" });
  const words = make("span", {});
  const progress = make("p.kit-progress", {}, words, bar);
  const legend = createLegend(labels, say, {
    uid: host.uid,
    how: say("legend.how_classify"),
    choose(label, event) {
      if (!current) return;
      answer(current, label, event);
      live.say(say("live.answered", { number: clauseOf.get(current).number, label: byId.get(label).name }));
    },
  });

  const layers = () => ({ marks: marks(), cursor: null, selection: [], picked: current, handles: false });
  const drawText = (ids) =>
    text.draw(
      ids.filter((id) => clauseOf.has(id)).map((id) => clauseOf.get(id).paragraph),
      layers(),
    );
  const given = () => clauses.filter(({ id }) => answerOf(id)).length;

  const drawSides = () => {
    words.textContent = say("clause.progress", { number: given(), count: clauses.length });
    bar.value = given();
    const numbers = new Map();
    for (const { id } of clauses) {
      const label = answerOf(id);
      if (label) numbers.set(label.id, (numbers.get(label.id) ?? 0) + 1);
    }
    legend.count(numbers);
  };

  return {
    elements: [make("div.kit-marking", {}, progress, text.element), make("div.kit-side", {}, legend.element)],
    changed(steps) {
      const ids = steps.map(({ item }) => item);
      for (const id of ids) fields.get(id)?.draw();
      drawText(ids);
      drawSides();
    },
    refresh() {
      for (const each of fields.values()) each.draw();
      text.draw(
        view.paragraphs.map(({ name }) => name),
        layers(),
      );
      drawSides();
    },
    goTo: (id) => focusOn(id),
    has: (id) => clauseOf.has(id),
    order: (id) => clauseOf.get(id)?.number ?? Infinity,
    quoteOf,
    nameOf: (id) => answerOf(id)?.name ?? say("clause.blank"),
    paragraphsOf: (id) => [clauseOf.get(id)?.paragraph].filter(Boolean),
    over: (ranges) =>
      clauses
        .filter((clause) => overlap(clause.ranges, ranges) && answerOf(clause.id))
        .map(({ id }) => ({
          item: id,
          quote: shortened(quoteOf(id)),
          name: answerOf(id).name,
          label: answerOf(id).id,
          same: true,
        })),
    missing() {
      const blank = clauses.filter(({ id }) => !answerOf(id)).map(({ number }) => number);
      return blank.length ? [say("missing.clauses", { count: blank.length, numbers: blank.join(", ") })] : [];
    },
    summary: () => say("clause.progress", { number: given(), count: clauses.length }),
    told([{ item, after }]) {
      const number = clauseOf.get(item)?.number;
      focusOn(item);
      return say("live.answered", { number, label: byId.get(after)?.name ?? say("clause.blank") });
    },
    close() {},
  };
}
