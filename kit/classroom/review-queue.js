// Open answers, one after the other: the answer, the rubric, a comment; a mark counts once it is on disk.

import { createConfirm } from "./confirm.js";
import { make, rove } from "./dom.js";

const LETTERS = { n: "next", p: "previous", o: "nextOpen", u: "undo", c: "write" };
const FIRST_COMMENT = 5; // the digits after the levels bring ready comments
const LEAVE = "Escape";

/**
 * What a key means while answers are marked.
 * @param {KeyboardEvent} event
 * @param {number} levels how many the rubric has
 * @returns {{act: string, digit?: number} | null}
 */
export function queueAction(event, levels) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return null;
  // By its place on the keyboard: a French one writes & é " there without Shift.
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code ?? "")?.[1];
  if (digit !== undefined) return { act: Number(digit) < levels ? "mark" : "comment", digit: Number(digit) };
  const act = LETTERS[event.key.toLowerCase()];
  return act ? { act } : null;
}

/**
 * @param {object} host
 * @param {(what: object) => string} host.act
 * @param {() => object} host.state
 */
export function createQueue(host) {
  const { say, live, levels, uid } = host;
  const drafts = new Map(); // answer → comment being written
  const unsaved = new Map(); // answer → how many of its marks are not on disk
  let at = null; // id of the answer on the screen

  const all = () => host.state()?.answers ?? [];
  const here = () => all().find(({ id }) => id === at) ?? all()[0];
  const told = ({ points }) => (points === null ? say("queue.no_mark") : say("queue.points", { points }));
  const named = (answer) => say("queue.copy", { number: answer.number }) + (answer.learner ? ` (${answer.learner})` : "");

  // --- what is on the screen ---------------------------------------------------------------

  const none = make("p.kit-note", {}, say("queue.none"));
  const place = make("p.kit-small.kit-place-in");
  const bar = make("span.kit-bar-part");
  const heading = make("h3.kit-heading");
  const passage = make("blockquote.kit-passage");
  const about = make("div", {}, make("p.kit-small", {}, say("queue.passage")), passage);
  const name = make("p.kit-copy", { id: `${uid}-copy` });
  const text = make("p.kit-written", { id: `${uid}-written`, dir: "auto" });
  const card = make(
    "div.kit-answer",
    { role: "group", tabindex: 0, "aria-labelledby": name.id, "aria-describedby": text.id },
    name,
    text,
  );
  const buttons = levels.map((points) =>
    make(
      "button.kit-level",
      { "data-points": points, onclick: () => mark(points) },
      make("kbd", { "aria-hidden": "true" }, String(points)),
      make("span", {}, make("span.kit-aloud", {}, `${say("queue.points", { points })}, `), make("span.kit-level-words")),
    ),
  );
  const tick = make("p.kit-tick");
  const rubric = make("div.kit-rubric", { role: "group", "aria-label": say("queue.rubric") }, ...buttons);
  const stops = rove(rubric, "button");
  const help = make("span.kit-small", { id: `${uid}-help` }, say("queue.comment_help"));
  const area = make("textarea", {
    id: `${uid}-comment`,
    rows: 2,
    maxlength: 2000,
    "aria-describedby": help.id,
    oninput: () => {
      drafts.set(here().id, area.value);
      keep.disabled = !area.value.trim();
    },
    onblur: () => keepComment(),
  });
  const keep = make("button.kit-quiet", { onclick: () => toBank() }, say("queue.bank_add"));
  const bank = make("ul.kit-bank", { "aria-label": say("queue.bank") });
  const step = (id, key, run) =>
    make("button.kit-button", { onclick: run }, say(`queue.${id}`), " ", make("kbd", { "aria-hidden": "true" }, key));
  const previous = step("previous", "p", () => go(-1));
  const next = step("next", "n", () => go(1));
  const nextOpen = step("next_open", "o", () => goOpen());
  const undo = step("undo", "u", () => takeBack());
  const list = make("ol.kit-jumps");
  const done = createConfirm(say, {
    text: say("done.open"),
    question: () => [say("done.question")],
    yes: say("done.yes"),
    run: () => host.act({ do: "done" }),
  });
  const finished = make("p.kit-note", { hidden: true }, say("done.waiting"));
  const keys = [
    ["key_mark", `${levels[0]}–${levels.at(-1)}`],
    ["key_comment", `${FIRST_COMMENT}–9`],
    ["key_next", "n, p"],
    ["key_open", "o"],
    ["key_undo", "u"],
    ["key_write", `c, ${say(`key.${LEAVE}`)}`],
  ];
  const body = make(
    "div.kit-queue",
    {},
    place,
    make("div.kit-bar", { "aria-hidden": "true" }, bar),
    heading,
    about,
    card,
    make("h4", {}, say("queue.rubric")),
    rubric,
    tick,
    make("div.kit-comment", {}, make("label", { for: area.id }, say("queue.comment")), help, area, keep),
    make("h4", {}, say("queue.bank")),
    bank,
    make("div.kit-row-buttons", {}, previous, next, nextOpen, undo),
    make("details.kit-fold", {}, make("summary", {}, say("queue.all")), list),
    make(
      "details.kit-fold",
      {},
      make("summary", {}, say("queue.keys")),
      make("dl.kit-keys", {}, ...keys.flatMap(([id, key]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(`queue.${id}`))])),
    ),
    done.element,
    finished,
  );
  const element = make("div", {}, none, body);

  function draw() {
    const answers = all();
    none.hidden = answers.length > 0;
    body.hidden = !answers.length;
    if (!answers.length) return;
    const answer = here();
    at = answer.id;
    const count = answers.filter(({ points }) => points !== null).length;
    place.textContent = `${say("queue.place", { number: answer.number, total: answers.length })} · ${say("queue.marked", { count })}`;
    bar.style.inlineSize = `${(100 * count) / answers.length}%`;
    heading.textContent = answer.question;
    passage.textContent = answer.passage;
    about.hidden = !answer.passage;
    name.textContent = `${named(answer)} · ${answer.exercise}`;
    text.textContent = answer.text;
    for (const button of buttons) {
      const { points } = button.dataset;
      button.setAttribute("aria-pressed", String(Number(points) === answer.points));
      button.querySelector(".kit-level-words").textContent = say(`rubric.${answer.rubric}.${points}`);
    }
    stops.settle(buttons[answer.points ?? 0]);
    drawTick(answer);
    if (area.getRootNode().activeElement !== area) area.value = drafts.get(answer.id) ?? answer.comment;
    keep.disabled = !area.value.trim();
    bank.replaceChildren(...host.state().bank.map(ready));
    list.replaceChildren(...answers.map(jump));
    previous.disabled = answer === answers[0];
    next.disabled = answer === answers.at(-1);
    nextOpen.disabled = count === answers.length;
    done.element.hidden = host.state().done;
    finished.hidden = !host.state().done || host.state().agreement.length > 0;
  }

  function drawTick(answer) {
    const { points } = answer;
    const saved = !unsaved.get(answer.id);
    tick.dataset.state = points === null ? "none" : saved ? "saved" : "saving";
    tick.textContent = points === null ? say("queue.no_mark") : say(saved ? "queue.saved" : "queue.saving", { points });
  }

  const ready = (sentence, at_) => {
    const key = at_ + FIRST_COMMENT;
    return make(
      "li",
      {},
      make(
        "button.kit-ready",
        { onclick: () => addComment(at_) },
        key <= 9 && make("kbd", { "aria-hidden": "true" }, String(key)),
        sentence,
      ),
    );
  };

  const jump = (answer) =>
    make(
      "li",
      {},
      make(
        "button.kit-jump",
        { onclick: () => goTo(answer, true), "aria-current": answer.id === at ? "true" : null, "data-marked": answer.points !== null },
        say("queue.jump", { number: answer.number, state: told(answer) }),
      ),
    );

  // --- going ---------------------------------------------------------------------------------

  function goTo(answer, aloud) {
    keepComment();
    at = answer.id;
    draw();
    card.focus();
    if (aloud) live.say(say("said.at", { number: answer.number, state: told(answer), question: answer.question }));
  }

  function go(way) {
    const answers = all();
    const to = answers[answers.indexOf(here()) + way];
    if (to) goTo(to, true);
    else live.say(say(way > 0 ? "said.last" : "said.first"));
  }

  function goOpen() {
    const answers = all();
    const from = answers.indexOf(here()) + 1;
    const to = [...answers.slice(from), ...answers.slice(0, from)].find(({ points }) => points === null);
    if (to) goTo(to, true);
    else live.say(say("said.all_marked"));
  }

  // --- marking -------------------------------------------------------------------------------

  function mark(points) {
    const answer = here();
    if (!answer) return;
    if (answer.locked) return live.say(say("said.locked"));
    const comment = (drafts.get(answer.id) ?? answer.comment).trim();
    drafts.delete(answer.id);
    Object.assign(answer, { points, comment });
    unsaved.set(answer.id, (unsaved.get(answer.id) ?? 0) + 1);
    host.act({ do: "mark", answer: answer.id, points, comment });
    draw();
  }

  /** A comment changed after the mark goes on disk with the same mark. */
  function keepComment() {
    const answer = here();
    const draft = answer && drafts.get(answer.id)?.trim();
    if (!answer || draft === undefined || answer.points === null || answer.locked) return;
    if (draft === answer.comment) drafts.delete(answer.id);
    else mark(answer.points);
  }

  function addComment(number) {
    const sentence = host.state().bank[number];
    const answer = here();
    if (!sentence || !answer) return;
    const before = (drafts.get(answer.id) ?? answer.comment).trim();
    if (!before.includes(sentence)) {
      drafts.set(answer.id, before ? `${before} ${sentence}` : sentence);
      area.value = drafts.get(answer.id);
    }
    live.say(say("said.comment", { text: sentence }));
    keepComment();
    draw();
  }

  function toBank() {
    const sentence = area.value.trim();
    if (sentence) host.act({ do: "bank", text: sentence });
  }

  const takeBack = () => host.act({ do: "undo" });

  return {
    element,
    draw,
    focus: () => card.focus(),
    /** Another marker sits down: nothing the last one was writing stays on the screen. */
    reset() {
      drafts.clear();
      area.value = "";
      at = null;
    },
    /** A key was pressed outside a field. */
    key(event) {
      if (!all().length) return false;
      if (rubric.contains(event.target) && /^Arrow(Up|Down|Left|Right)$/.test(event.key)) {
        stops.move(/Up|Left/.test(event.key) ? -1 : 1);
        return true;
      }
      const action = queueAction(event, levels.length);
      if (!action) return false;
      const doing = {
        mark: () => mark(action.digit),
        comment: () => addComment(action.digit - FIRST_COMMENT),
        next: () => go(1),
        previous: () => go(-1),
        nextOpen: goOpen,
        undo: takeBack,
        write: () => area.focus(),
      };
      doing[action.act]();
      return true;
    },
    /** Escape or Ctrl+Enter in the comment: it is kept, and the keys work again. */
    leaveField(event) {
      if (event.target !== area || !(event.key === "Escape" || (event.key === "Enter" && event.ctrlKey))) return false;
      keepComment();
      card.focus();
      draw();
      return true;
    },
    /** Marks that are not on disk yet stay on the screen after a new state has come. */
    restore(pending) {
      unsaved.clear();
      for (const { do: what, answer: id, points, comment } of pending) {
        const answer = all().find((each) => each.id === id);
        if (what !== "mark" || !answer) continue;
        Object.assign(answer, { points, comment });
        unsaved.set(id, (unsaved.get(id) ?? 0) + 1);
      }
    },
    /** An action is on disk. */
    saved(action, message) {
      if (action.do === "mark") {
        unsaved.set(action.answer, Math.max((unsaved.get(action.answer) ?? 1) - 1, 0));
        if (!unsaved.get(action.answer)) live.say(say("said.marked", { points: action.points }));
      }
      const answer = message.answer && all().find(({ id }) => id === message.answer.id);
      if (answer && !unsaved.get(answer.id)) Object.assign(answer, message.answer);
      if (action.do === "undo" && answer) {
        drafts.delete(answer.id);
        at = answer.id;
        live.say(say("said.undone", { number: answer.number, state: told(answer) }));
      }
      if (message.bank) {
        host.state().bank = message.bank;
        live.say(say("said.bank_kept"));
      }
      draw();
    },
  };
}
