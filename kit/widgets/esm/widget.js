// Wiring alone: the kernel's messages in, a learner's actions out, everything drawn from them.

import { createAnnotator } from "./annotator.js";
import { createChannel } from "./channel.js";
import { make } from "./dom.js";
import { createHistory } from "./history.js";
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

const KINDS = { highlight: createAnnotator };

/**
 * anywidget calls this for each view.
 * @param {{model: object, el: HTMLElement}} given
 */
function render({ model, el }) {
  const view = model.get("view");
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

  const writable = () => Boolean(state && writer && !state.handedIn);

  // --- saving --------------------------------------------------------------------------------

  const saver = createSaver({
    page,
    shelf: createShelf(view.id),
    send: (content) => channel.send(content),
    show: showSaving,
    saved(action, message) {
      takeIn(message);
    },
    refused(action, why) {
      status.refused(why);
      live.warn(why);
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
    saver.submit({ id: freshId(), at: new Date().toISOString(), ...what });
  }

  function showSaving(saving) {
    if (!state) status.show("opening", say("status.opening"));
    else if (state.handedIn) status.show("handed", say("status.handed_in"));
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
    state = { ...known, answers: undefined };
    history.restore(answers);
    status.aside(known.aside);
  }

  function takeIn(message) {
    if ("handedIn" in message) {
      state.handedIn = message.handedIn;
      refresh();
    }
  }

  // --- a learner's doing ---------------------------------------------------------------------

  function change(sets, event) {
    history.change(sets);
    done(sets, event);
  }

  function done(sets, event) {
    for (const [item, value] of sets) act({ do: "set", item, value });
    kind.changed(sets);
    toolbar.draw(history.canUndo, history.canRedo);
    if (event) measurePaint(event.timeStamp);
  }

  const walk = (way) => (event) => {
    if (!writable()) return;
    const sets = history[way]();
    if (!sets) return;
    done(sets, event);
    live.say(kind.told(sets));
  };

  const host = {
    view,
    say,
    live,
    offsets,
    root,
    uid,
    writable,
    change,
    answers: () => history.answers,
    signOf: () => undefined,
    painted: (event) => measurePaint(event.timeStamp),
    atParagraph: () => {},
    notice: () => {},
  };

  // --- the page ------------------------------------------------------------------------------

  const status = createStatus(say, { retry: () => saver.retry(), take: () => channel.send({ take: page }) });
  const toolbar = createToolbar(root, view, say, { undo: walk("undo"), redo: walk("redo") });
  const kind = KINDS[view.kind](host);

  function refresh() {
    root.classList.toggle("is-readonly", !writable());
    toolbar.draw(writable() && history.canUndo, writable() && history.canRedo);
    kind.refresh();
    saver.tell();
  }

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.matches("textarea")) return;
    const action = actionOf(event, "anywhere");
    if (!action) return;
    event.preventDefault();
    if (action.act === "help") toolbar.toggleHelp();
    else walk(action.act)(event);
  });

  root.append(
    make(
      "header.kit-header",
      {},
      make("div.kit-top", {}, make("h3.kit-title", {}, view.title), status.line),
      make("p.kit-prompt", {}, view.prompt),
      view.notice && make("p.kit-notice", {}, view.notice),
    ),
    status.banners,
    toolbar.element,
    toolbar.help,
    make("div.kit-body", {}, ...kind.elements),
    live.element,
  );
  el.append(root);
  refresh();
  channel.open();

  return () => {
    channel.close();
    kind.close();
    leave(page);
    root.remove();
  };
}

export default { render };
