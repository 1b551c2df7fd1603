// Passages that learners contest, with their reasons; accepting one makes the passage debated.

import { make } from "./dom.js";

/** @param {object} host as in `createQueue` */
export function createContests(host) {
  const { say, uid } = host;
  const drafts = new Map(); // contest → note being written
  const element = make("div.kit-contests");
  const day = new Intl.DateTimeFormat(host.lang, { dateStyle: "long" });
  let working = ""; // the contest whose acceptance is being graded

  const reason = ({ learner, words, chosen }) =>
    make(
      "li.kit-contested",
      {},
      (learner || chosen) &&
        make("p.kit-small", {}, [learner, chosen && say("contest.chosen", { label: chosen })].filter(Boolean).join(" · ")),
      make("p.kit-written", { dir: "auto" }, words),
    );

  const decide = (contest) => {
    if (working === contest.id) return make("p.kit-note", {}, say("contest.working"));
    if (contest.accepted) {
      const { who, at, note } = contest.accepted;
      return make(
        "div.kit-decision",
        {},
        make("p.kit-tick", { "data-state": "saved" }, say("contest.accepted", { who, at: day.format(new Date(at)) })),
        note && make("p.kit-small", {}, note),
        make("button.kit-button", { onclick: () => run(contest, { do: "withdraw", contest: contest.id }) }, say("contest.withdraw")),
      );
    }
    if (contest.obstacle) return make("p.kit-note", {}, contest.obstacle);
    const help = make("span.kit-small", { id: `${uid}-note-help-${contest.id}` }, say("contest.note_help"));
    const area = make("textarea", {
      id: `${uid}-note-${contest.id}`,
      rows: 2,
      maxlength: 300,
      "aria-describedby": help.id,
      oninput: () => drafts.set(contest.id, area.value),
    });
    area.value = drafts.get(contest.id) ?? "";
    return make(
      "div.kit-decision",
      {},
      make("label", { for: area.id }, say("contest.note")),
      help,
      area,
      make(
        "button.kit-button.is-main",
        { onclick: () => run(contest, { do: "accept", contest: contest.id, note: area.value.trim() }) },
        say("contest.accept"),
      ),
    );
  };

  const item = (contest) =>
    make(
      "li.kit-contest-item",
      { "data-contest": contest.id },
      make("h3.kit-heading", { tabindex: -1 }, say("contest.heading", { task: contest.task, exercise: contest.exercise })),
      contest.words
        ? make("blockquote.kit-passage", {}, contest.before, make("mark", {}, contest.words), contest.after)
        : make("p.kit-note", {}, say("contest.unseen")),
      make("p.kit-small", {}, say("contest.key", { text: contest.key })),
      contest.reasons.length > 0 && make("h4", {}, say("contest.reasons", { count: contest.reasons.length })),
      make("ul.kit-reasons", {}, ...contest.reasons.map(reason)),
      decide(contest),
    );

  function run(contest, action) {
    working = contest.id;
    drafts.delete(contest.id);
    host.act(action);
    draw();
    host.live.say(say("contest.working"));
  }

  function draw() {
    const contests = host.state()?.contests ?? [];
    const focused = element.getRootNode().activeElement?.closest?.(".kit-contest-item")?.dataset.contest;
    element.replaceChildren(
      make("p.kit-small", {}, say(contests.length ? "contest.about" : "contest.none")),
      make("ol.kit-contest-list", {}, ...contests.map(item)),
    );
    if (focused) element.querySelector(`[data-contest="${focused}"] h3`)?.focus();
  }

  return {
    element,
    draw,
    /** The class has been graded again, or the action was not taken. */
    finished() {
      working = "";
      draw();
    },
  };
}
