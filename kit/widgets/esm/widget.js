// Wiring alone: the kernel's messages in, a learner's actions out, everything drawn from them.

import { createAnnotator } from "./annotator.js";
import { createAttribution } from "./attribution.js";
import { createChannel } from "./channel.js";
import { createChecks } from "./checks.js";
import { createClassifier } from "./classifier.js";
import { make } from "./dom.js";
import { createFeedback } from "./feedback.js";
import { createHandIn } from "./handin.js";
import { createHistory } from "./history.js";
import { createItems, isList } from "./items.js";
import { actionOf } from "./keyboard.js";
import { createLive } from "./live.js";
import { measurePaint } from "./measure.js";
import { freshId, freshName } from "./names.js";
import { createOffsets } from "./offsets.js";
import { createSaver } from "./saver.js";
import { createShelf, enter, leave } from "./shelf.js";
import { createStatus } from "./status.js";
import { createToolbar } from "./toolbar.js";
import { createWords } from "./words.js";

const KINDS = { highlight: createAnnotator, classify: createClassifier, attribution: createAttribution };
const SOON = 15000; // ms within which the keyboard follows an answer that was asked for

/**
 * anywidget calls this for each view.
 * @param {{model: object, el: HTMLElement}} given
 */
function render({ model, el }) {
  const view = model.get("view");
  const create = isList(view) ? createItems : KINDS[view.kind];
  if (!create) return void el.append(make("p", {}, `${view.title} (${view.kind})`));
  const say = createWords(view.words, view.lang);
  const page = freshName("p");
  const heir = enter(view.id, page);
  const uid = `kit-${page}`;
  const live = createLive();
  const root = make("div.kit-task", { lang: view.lang, "data-kind": view.kind });
  const history = createHistory();
  const offsets = createOffsets(view.text);

  let state = null; // what the kernel told of, without the answers
  let writer = false;
  let warned = false; // whether a learner was told that something is not saved
  let signs = new Map(); // item → sign of the last check
  const touched = new Set(); // items changed since
  const asked = new Map(); // id of an action of this view → when it was asked for
  const befores = new Map(); // id of an action → the answer it replaced, until it is on disk

  const mine = () => Boolean(state && writer);
  const writable = () => mine() && !state.handedIn && !asked.has("hand_in");
  // In a list of questions each of them stands where other tasks have paragraphs.
  const places = isList(view)
    ? view.items.map(({ id }, at) => ({ name: id, role: "item", number: at + 1, start: 0, end: 0 }))
    : view.paragraphs;
  const paragraphs = new Map(places.map((each) => [each.name, each]));

  // --- saving --------------------------------------------------------------------------------

  const saver = createSaver({
    page,
    shelf: createShelf(view.id),
    send: (content) => channel.send(content),
    show: showSaving,
    saved: takeIn,
    refused(action, why) {
      asked.delete(action.id);
      asked.delete(action.do);
      status.refused(why);
      live.warn(say("banner.refused", { why }));
      if (action.do === "set") history.drop(action.item, befores.get(action.id) ?? null);
      befores.delete(action.id);
      refresh();
    },
  });

  const channel = createChannel(model, page, heir, {
    message: hear,
    alive: (since) => saver.alive(since),
    gone(is) {
      status.gone(is);
      saver.setGone(is);
    },
    beat: () => saver.retry(),
  });

  function act(what) {
    const id = freshId();
    asked.set(id, performance.now());
    saver.submit({ id, at: new Date().toISOString(), ...what });
    return id;
  }

  function showSaving(saving) {
    if (!state) status.show("opening", say("status.opening"));
    else if (state.handedIn && !saving.waiting) status.show("handed", say("status.handed_in"));
    else if (!writer) status.show("readonly", say("status.readonly"));
    else status.show(saving.name, say(`status.${saving.name}`, { why: saving.why }));
    status.failed(saving.why);
    const unsafe = saving.name === "failed" || (saving.name === "late" && saving.waiting > 0);
    if (unsafe && !warned) live.warn(say(saving.why ? "live.failed" : "live.late", { why: saving.why }));
    warned = unsafe;
  }

  // --- hearing -------------------------------------------------------------------------------

  function hear(message) {
    if ("writer" in message) writer = message.writer;
    if (message.state) restore(message.state);
    if (state && writer) saver.start();
    else saver.stop();
    if ("writer" in message) {
      status.readonly(Boolean(state) && !writer);
      refresh();
    }
    saver.heard(message);
  }

  function restore(known) {
    const answers = { ...known.answers };
    for (const action of saver.pending()) {
      if (action.do !== "set") continue;
      if (action.value === null) delete answers[action.item];
      else answers[action.item] = action.value;
    }
    state = { ...known, answers: undefined, feedback: { ...known.feedback }, contests: { ...known.contests } };
    history.restore(answers);
    touched.clear();
    for (const action of saver.pending()) if (action.do === "set") touched.add(action.item);
    gather();
    status.aside(known.aside);
  }

  /** An action is on disk: take in what the kernel says of it. */
  function takeIn(action, message) {
    const soon = performance.now() - (asked.get(action.id) ?? -Infinity) < SOON;
    asked.delete(action.id);
    asked.delete(action.do);
    befores.delete(action.id);
    if (message.feedback) {
      Object.assign(state.feedback, message.feedback);
      if (action.do === "check" && !message.feedback[""]) delete state.feedback[""];
      for (const told of Object.values(message.feedback)) {
        for (const item of Object.keys(told.items ?? {})) touched.delete(item);
      }
      gather();
      refresh();
      const names = Object.keys(message.feedback).filter(Boolean);
      panel?.answered(names, action.do, soon);
    } else if ("handedIn" in message) {
      state.handedIn = message.handedIn;
      refresh();
      if (soon) handIn.focus();
    } else if (action.do !== "set") refresh();
    checks?.busy(asked.has("check"));
  }

  function gather() {
    signs = new Map();
    for (const told of Object.values(state.feedback)) {
      for (const [item, { sign }] of Object.entries(told.items ?? {})) signs.set(item, sign);
    }
  }

  // --- a learner's doing ---------------------------------------------------------------------

  function change(sets, event) {
    done(history.change(sets), event);
  }

  function done(steps, event) {
    let stale = false;
    for (const { item, before, after } of steps) {
      befores.set(act({ do: "set", item, value: after }), before);
      touched.add(item);
      for (const name of [...kind.paragraphsOf(item, before), ...kind.paragraphsOf(item, after)]) {
        const told = state.feedback[name];
        if (!told || (!told.tries && !told.model)) continue;
        stale = told.stale = true;
      }
    }
    kind.changed(steps);
    if (stale) panel?.draw();
    toolbar.draw(history.canUndo, history.canRedo);
    if (event) measurePaint(event.timeStamp);
  }

  const walk = (way) => (event) => {
    if (!writable()) return;
    const steps = history[way]();
    if (!steps) return live.say(say(`live.no_${way}`));
    done(steps, event);
    live.say(kind.told(steps));
  };

  function check(names) {
    kind.flush?.();
    act({ do: "check", paragraphs: names });
    asked.set("check", performance.now());
    checks.busy(true);
  }

  const hint = (paragraph) => {
    kind.flush?.();
    act({ do: "hint", paragraph });
  };

  function question() {
    kind.flush?.();
    const lines = [say("handin.what", { what: kind.summary() }), ...kind.missing()];
    if (!view.exam) {
      const open = view.asked.filter((name) => !state.feedback[name]?.tries);
      if (open.length) lines.push(say("missing.checks", { count: open.length, places: open.map(host.place).join(", ") }));
    }
    return lines;
  }

  const host = {
    view,
    say,
    live,
    offsets,
    root,
    uid,
    textLang: view.textLang ?? view.lang,
    mine,
    writable,
    change,
    answers: () => history.answers,
    feedback: (name) => state?.feedback[name],
    contests: () => state?.contests ?? {},
    signOf: (item) => (touched.has(item) ? undefined : signs.get(item)),
    title,
    paragraph: (name) => paragraphs.get(name),
    places: places.map(({ name }) => name),
    /** Something is being written that is not handed over yet. */
    pending: (is) => (is ? status.show("saving", say("status.saving")) : saver.tell()),
    place: (name) => named("place", name),
    heading: (name) => named("heading", name),
    painted: (event) => measurePaint(event.timeStamp),
    atParagraph: (name) => checks?.at(name),
  };

  /** What a landmark is called: by the task, and by a number where several tasks bear one title. */
  const twins = [...document.querySelectorAll(".kit-title")].filter((each) => each.textContent === view.title).length;
  function title(name) {
    return `${name}, ${view.title}${twins ? ` (${twins + 1})` : ""}`;
  }

  /** A paragraph in words: « le titre », « le paragraphe 2 », of which text where there are several. */
  function named(how, name) {
    const { role, number } = paragraphs.get(name);
    if (role === "item") return say(`${how}.item`, { name: number });
    const [text, rest] = name.includes(".") ? name.split(".") : ["", name];
    const words = say(`${how}.${role}`, { name: rest });
    return text ? say("place.of_text", { place: words, text }) : words;
  }

  // --- the page ------------------------------------------------------------------------------

  const status = createStatus(say, { retry: () => saver.retry(), take: () => channel.send({ take: page }) });
  const toolbar = createToolbar(root, view, say, { undo: walk("undo"), redo: walk("redo") });
  const checks = view.exam ? null : createChecks(host, { check, hint });
  const kind = create(host);
  const panel = view.exam
    ? null
    : createFeedback(host, kind, {
        hint,
        model(names) {
          kind.flush?.();
          act({ do: "model", paragraphs: names });
        },
        contest(target, reason) {
          state.contests[target] = reason;
          act({ do: "contest", target, reason });
        },
      });
  const handIn = createHandIn(host, {
    question,
    handIn() {
      act({ do: "hand_in" });
      asked.set("hand_in", performance.now());
      refresh();
    },
    takeBack: () => act({ do: "take_back" }),
  });

  function refresh() {
    root.classList.toggle("is-readonly", !writable());
    toolbar.draw(writable() && history.canUndo, writable() && history.canRedo);
    kind.refresh();
    checks?.draw();
    panel?.draw();
    handIn.draw(state?.handedIn ?? null);
    saver.tell();
  }

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.matches("textarea, select, input[type=text]")) return;
    const action = actionOf(event, "anywhere");
    if (!action) return;
    event.preventDefault();
    if (action.act === "help") toolbar.toggleHelp();
    else if (action.act === "check") checks?.press();
    else walk(action.act)(event);
  });

  root.append(
    make(
      "div.kit-header",
      {},
      make("div.kit-top", {}, make("h2.kit-title", {}, view.title), status.line),
      make("p.kit-prompt", {}, view.prompt),
      view.notice && make("p.kit-notice", {}, view.notice),
      !isList(view) && view.asked.length < view.paragraphs.length && make("p.kit-notice", {}, say("text.other")),
    ),
    status.banners,
    toolbar.element,
    toolbar.help,
    make("div.kit-body", {}, ...kind.elements, checks?.element, panel?.element),
    handIn.element,
    live.element,
  );
  el.append(root);
  refresh();
  channel.open();

  return () => {
    kind.close(); // hands over what is still being written
    channel.close();
    leave(page);
    root.remove();
  };
}

export default { render };
