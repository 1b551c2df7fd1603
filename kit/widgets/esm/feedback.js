// What is said after a check: by paragraph, each answer with a sign and a because, hints, the model answer, « not agreed ».

import { createConfirm } from "./confirm.js";
import { make, rich } from "./dom.js";
import { SIGNS } from "./text.js";
import { capital, shortened } from "./words.js";

const MOST = 2000; // signs of a reason

/**
 * @param {object} host
 * @param {ReturnType<() => import("./annotator.js").Kind>} kind
 * @param {object} on
 * @param {(paragraph: string) => void} on.hint
 * @param {(paragraphs: string[]) => void} on.model
 * @param {(target: string, reason: string) => void} on.contest
 */
export function createFeedback(host, kind, on) {
  const { view, say } = host;
  const heading = make("h3.kit-heading", { tabindex: -1 }, say("feedback.title"));
  const remark = make("p.kit-remark", { hidden: true });
  const empty = make("p.kit-small", {}, say("feedback.empty"));
  const latest = make("div.kit-told-list");
  const others = make("div.kit-told-list");
  const summary = make("summary", {});
  const older = make("details.kit-older", { hidden: true }, summary, others);
  const element = make(
    "section.kit-feedback",
    { role: "region", "aria-label": host.title(say("feedback.title")) },
    heading,
    remark,
    empty,
    latest,
    older,
  );
  const sections = new Map(); // paragraph → {state, element}
  const drafts = new Map(); // target → reason being written
  let newest = null; // paragraphs of the last answer; null: all

  // --- one answer ----------------------------------------------------------------------------

  const signOf = (sign) =>
    make("span.kit-sign", { "data-sign": sign }, make("span", { "aria-hidden": "true" }, SIGNS[sign]), say(`sign.${sign}`));

  const item = ([id, { sign, text }]) => {
    const there = kind.has(id);
    return make(
      "li.kit-item",
      { "data-item": id, "data-sign": sign },
      make(
        "div.kit-item-head",
        {},
        signOf(sign),
        there
          ? make(
              "button.kit-item-quote",
              { onclick: () => kind.has(id) && kind.goTo(id), lang: kind.mine ? view.lang : host.textLang },
              shortened(kind.quoteOf(id)),
            )
          : make("span.kit-item-quote", {}, say("feedback.gone")),
        there && make("span.kit-small", {}, kind.nameOf(id)),
      ),
      make("p", {}, ...rich(text)),
      contest(id),
    );
  };

  // --- « I do not agree, because … » ---------------------------------------------------------

  const contest = (target) => {
    const place = make("div.kit-contest", { "data-target": target });
    const rest = (focus) => {
      const reason = host.contests()[target];
      drafts.delete(target);
      const open = make(
        "button.kit-quiet",
        { onclick: () => write(true), disabled: !host.writable() },
        say(reason ? "contest.change" : "contest.open"),
      );
      place.replaceChildren(
        ...(reason ? [make("p.kit-contested", {}, make("b", {}, say("contest.noted")), " ", reason)] : []),
        ...(host.writable() ? [open] : []),
      );
      if (focus) open.focus();
    };
    const write = (focus) => {
      const count = make("span.kit-small", { id: `${host.uid}-count-${target}` });
      const area = make("textarea", {
        id: `${host.uid}-reason-${target}`,
        rows: 3,
        maxlength: MOST,
        "aria-describedby": count.id,
        oninput: () => note(),
      });
      area.value = drafts.get(target) ?? host.contests()[target] ?? "";
      const send = make(
        "button.kit-button.is-main",
        {
          onclick() {
            on.contest(target, area.value.trim());
            rest(true);
          },
        },
        say("contest.send"),
      );
      const note = () => {
        drafts.set(target, area.value);
        count.textContent = say("contest.count", { count: MOST - area.value.length });
        send.disabled = !area.value.trim();
      };
      note();
      place.replaceChildren(
        make("label", { for: area.id }, say("contest.label")),
        area,
        count,
        make("div.kit-row-buttons", {}, send, make("button.kit-button", { onclick: () => rest(true) }, say("contest.cancel"))),
      );
      if (focus) area.focus();
    };
    if (drafts.has(target)) write(false);
    else rest(false);
    return place;
  };

  // --- the model answer ----------------------------------------------------------------------

  const mineFor = (entry) => kind.mine?.(entry.entry) ?? kind.over(entry.ranges);

  const mineOf = (entry, mine) => {
    if (!mine.length) return [make("p.kit-small", {}, say("model.nothing"))];
    return mine.map(({ quote, name, label, same }) =>
      make(
        "p",
        {},
        quote && make("q", { lang: host.textLang }, shortened(quote)),
        quote && " ",
        make("b", {}, name),
        same !== undefined && make("span.kit-difference", {}, say(`model.${differenceOf(entry, label, same)}`)),
      ),
    );
  };

  const differenceOf = (entry, label, same) => {
    if (label === null || !entry.label) return same ? "same" : "touched";
    if (label !== entry.label) return "other_label";
    return same ? "same" : "other_words";
  };

  const keyOf = (entry) => [
    make(
      "p",
      {},
      entry.quote && make("q", { lang: host.textLang }, entry.quote),
      " ",
      entry.answer && make("b", {}, entry.answer),
      entry.labelName && make("b", {}, entry.labelName),
      entry.status !== "core" && make("span.kit-status-tag", { "data-status": entry.status }, say(`model.${entry.status}`)),
    ),
    ...(entry.parts ?? []).map(({ name, quote }) => make("p", {}, make("b", {}, say("model.part", { name: capital(name) })), " ", quote)),
    entry.who && make("p", {}, make("b", {}, say("model.who")), " ", entry.who),
    entry.via && make("p", {}, make("b", {}, say("model.via")), " ", entry.via),
    ...(entry.properties ?? []).map(({ question, answer }) => make("p.kit-small", {}, `${question} `, make("b", {}, answer))),
    make("p", {}, ...rich(entry.why)),
    entry.neutral && make("p.kit-neutral", {}, make("b", {}, say("model.neutral")), " ", ...rich(entry.neutral)),
  ];

  const model = (name, entries) => {
    const used = new Set();
    const rows = entries.map((entry) => {
      const mine = mineFor(entry);
      for (const { item } of mine) used.add(item);
      return make(
        "li.kit-model-entry",
        { "data-status": entry.status },
        make("div.kit-model-side", {}, make("p.kit-model-whose", {}, say("model.mine")), ...mineOf(entry, mine)),
        make("div.kit-model-side", {}, make("p.kit-model-whose", {}, say("model.key")), ...keyOf(entry).filter(Boolean)),
        contest(entry.entry),
      );
    });
    const place = host.paragraph(name);
    const alone = kind.over([[place.start, place.end]]).filter(({ item }) => !used.has(item));
    return make(
      "div.kit-model",
      {},
      make("p.kit-subhead", { tabindex: -1, "data-focus": "model" }, say("model.title")),
      entries.length ? make("ul", {}, ...rows) : make("p", {}, say("model.empty")),
      alone.length > 0 &&
        make(
          "div",
          {},
          make("p", {}, say("model.alone")),
          make("ul.kit-bullets", {}, ...alone.map(({ quote, name: label }) => make("li", {}, make("q", { lang: host.textLang }, shortened(quote)), ` ${label}`))),
        ),
    );
  };

  // --- one paragraph -------------------------------------------------------------------------

  const section = (name, told) => {
    const items = Object.entries(told.items ?? {}).sort((a, b) => kind.order(a[0]) - kind.order(b[0]));
    const can = host.writable();
    const hints = told.hints ?? [];
    const buttons = [
      can &&
        told.moreHints &&
        make("button.kit-button", { "data-act": "hint", onclick: () => on.hint(name) }, say(hints.length ? "hint.next" : "hint.first")),
      can &&
        told.modelAllowed &&
        !told.model &&
        createConfirm(say, {
          text: say("model.show"),
          question: () => [say("model.ask")],
          yes: say("model.yes"),
          run: () => on.model([name]),
        }).element,
    ].filter(Boolean);
    const checked = told.tries > 0;
    return make(
      "div.kit-told",
      { "data-paragraph": name },
      make(
        "div.kit-told-head",
        {},
        make("h4", {}, host.heading(name)),
        checked && make("span.kit-small", {}, say("check.left", { count: told.left, place: host.place(name) })),
      ),
      make("p.kit-stale", {}, say("feedback.stale")),
      told.summary && make("p.kit-summary", {}, ...rich(told.summary)),
      items.length > 0 && make("ul.kit-items", {}, ...items.map(item)),
      hints.length > 0 &&
        make(
          "ol.kit-hints",
          {},
          ...hints.map(({ text }, at) =>
            make("li", { tabindex: -1 }, make("b", {}, say("hint.number", { number: at + 1 })), " ", ...rich(text)),
          ),
        ),
      told.model && model(name, told.model),
      buttons.length > 0 && make("div.kit-row-buttons", {}, ...buttons),
    );
  };

  const drawn = (name) => {
    const told = host.feedback(name);
    const { stale, ...rest } = told;
    const state = JSON.stringify([rest, host.contests(), host.writable(), rest.model && (kind.mine?.(name) ?? kind.over([[0, Infinity]]))]);
    let known = sections.get(name);
    if (known?.state !== state) sections.set(name, (known = { state, element: section(name, told) }));
    known.element.classList.toggle("is-stale", Boolean(stale));
    for (const quote of known.element.querySelectorAll(".kit-item")) {
      const gone = !kind.has(quote.dataset.item);
      quote.classList.toggle("is-gone", gone);
    }
    return known.element;
  };

  const place = (list, names) => {
    const wanted = names.map(drawn);
    if (wanted.length !== list.children.length || wanted.some((each, at) => list.children[at] !== each)) {
      list.replaceChildren(...wanted);
    }
  };

  const draw = () => {
    const focused = element.getRootNode().activeElement;
    const target = element.contains(focused) && focused.closest("[data-target]")?.dataset.target;
    drawAll();
    if (!target || focused.isConnected) return;
    element.querySelector(`[data-target="${CSS.escape(target)}"] :is(textarea, button)`)?.focus();
  };

  const drawAll = () => {
    const told = host.places.filter((name) => host.feedback(name));
    const now = newest ? told.filter((name) => newest.includes(name)) : told;
    const rest = told.filter((name) => !now.includes(name));
    empty.hidden = told.length > 0;
    place(latest, now);
    place(others, rest);
    older.hidden = !rest.length;
    summary.textContent = say("feedback.older", { count: rest.length });
    const general = host.feedback("")?.summary ?? "";
    remark.hidden = !general;
    remark.textContent = general;
  };

  return {
    element,
    draw,
    /**
     * An answer came: show its paragraphs first, and go there.
     * @param {string[]} names
     * @param {"check" | "hint" | "model"} what
     * @param {boolean} focus
     */
    answered(names, what, focus) {
      newest = names;
      draw();
      if (!focus) return;
      const where = sections.get(names[0])?.element;
      const target =
        what === "hint"
          ? where?.querySelector(".kit-hints > li:last-child")
          : what === "model"
            ? where?.querySelector("[data-focus=model]")
            : heading;
      (target ?? heading).focus();
    },
  };
}
