// Wiring alone: who marks, three tabs, and every action on disk before it is shown as saved.

import { createAgreement } from "./review-agreement.js";
import { createContests } from "./review-contests.js";
import { createQueue } from "./review-queue.js";
import { createChannel } from "./channel.js";
import { make, rove } from "./dom.js";
import { createLive } from "./live.js";
import { freshId, freshName } from "./names.js";
import { createSaver } from "./saver.js";
import { createShelf } from "./shelf.js";
import { createStatus } from "./status.js";
import { createWords } from "./words.js";

const TABS = ["answers", "agreement", "contests"];

/**
 * anywidget calls this for each view.
 * @param {{model: object, el: HTMLElement}} given
 */
function render({ model, el }) {
  const view = model.get("view");
  const say = createWords(view.words, view.lang);
  const page = freshName("p");
  const uid = `kit-${page}`;
  const live = createLive();
  const root = make("div.kit-task.kit-review", { lang: view.lang });
  let state = null;
  let shown = TABS[0];
  let warned = false;

  // --- saving --------------------------------------------------------------------------------

  const status = createStatus(say, { retry: () => saver.retry(), take: () => {} });
  const saver = createSaver({
    page,
    shelf: createShelf(view.id),
    send: (content) => channel.send(content),
    show(saving) {
      const name = state ? saving.name : "opening";
      status.show(name, say(`status.${name}`, { why: saving.why }));
      status.failed(saving.why);
      const unsafe = saving.name === "failed" || (saving.name === "late" && saving.waiting > 0);
      if (unsafe && !warned) live.warn(say(saving.why ? "live.failed" : "live.late", { why: saving.why }));
      warned = unsafe;
    },
    saved(action, message) {
      if (message.agreement) state.agreement = message.agreement;
      queue.saved(action, message);
      if (action.do === "settle") agreement.draw();
      drawTabs();
    },
    refused(action, why) {
      if (action.do === "undo") live.say(why);
      else {
        status.refused(why);
        live.warn(why);
      }
      contests.finished();
      channel.send({ again: page }); // show what is on disk
    },
  });
  const channel = createChannel(model, page, null, {
    message: hear,
    alive: (since) => saver.alive(since),
    gone(is) {
      status.gone(is);
      saver.setGone(is);
    },
    beat: () => saver.retry(),
  });

  function hear(message) {
    if (message.state) {
      state = message.state;
      saver.start();
      queue.restore(saver.pending());
      draw();
      if (!message.alive) contests.finished();
    }
    if (message.told) {
      told.textContent = message.told;
      told.hidden = false;
      live.say(message.told);
    }
    saver.heard(message);
  }

  function act(what) {
    const id = freshId();
    saver.submit({ id, at: new Date().toISOString(), marker: state.marker, ...what });
    return id;
  }

  // --- the page ------------------------------------------------------------------------------

  const host = { say, live, uid, act, lang: view.lang, levels: view.levels, state: () => state };
  const queue = createQueue(host);
  const agreement = createAgreement(host);
  const contests = createContests(host);
  const parts = { answers: queue, agreement, contests };

  const who = make("div.kit-who");
  const told = make("p.kit-note.kit-regraded", { hidden: true });
  const tabs = TABS.map((name) =>
    make(
      "button.kit-tab",
      {
        id: `${uid}-tab-${name}`,
        role: "tab",
        "aria-controls": `${uid}-${name}`,
        onclick: () => {
          shown = name;
          drawTabs();
        },
      },
    ),
  );
  const bar = make("div.kit-tabs", { role: "tablist", "aria-label": say("tab.label") }, ...tabs);
  const stops = rove(bar, "button");
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    stops.move(step);
  });
  const panels = TABS.map((name) =>
    make(
      "div.kit-tab-panel",
      { id: `${uid}-${name}`, role: "tabpanel", "aria-labelledby": `${uid}-tab-${name}` },
      parts[name].element,
    ),
  );
  const inside = make("div.kit-inside", { hidden: true }, bar, told, ...panels, make("p.kit-small.kit-folder", {}, say("folder")));

  function drawTabs() {
    const left = state.answers.filter(({ points }) => points === null).length;
    const words = {
      answers: say("tab.answers", { left }),
      agreement: say("tab.agreement"),
      contests: say("tab.contests", { count: state.contests.length }),
    };
    TABS.forEach((name, at) => {
      if (tabs[at].textContent !== words[name]) tabs[at].textContent = words[name];
      tabs[at].setAttribute("aria-selected", String(name === shown));
      panels[at].hidden = name !== shown;
    });
    stops.settle(tabs[TABS.indexOf(shown)]);
  }

  // --- who marks -----------------------------------------------------------------------------

  function ask(error) {
    const help = make("span.kit-small", { id: `${uid}-who-help` }, say("who.help"));
    const wrong = make("span.kit-error", { id: `${uid}-who-error`, role: "alert" }, error);
    const input = make("input", {
      id: `${uid}-who`,
      maxlength: 40,
      autocomplete: "off",
      "aria-describedby": `${help.id} ${wrong.id}`,
      "aria-invalid": error ? "true" : null,
    });
    const form = make(
      "form.kit-who-form",
      {
        onsubmit(event) {
          event.preventDefault();
          if (/[\p{L}\p{N}]/u.test(input.value)) channel.send({ sit: input.value, page });
          else ask(say("who.missing"));
        },
      },
      make("label", { for: input.id }, say("who.label")),
      help,
      input,
      make("button.kit-button.is-main", { type: "submit" }, say("who.start")),
      wrong,
    );
    form.querySelector("button").type = "submit";
    who.replaceChildren(form);
    if (error) input.focus();
  }

  function sits() {
    const box = make("input", {
      type: "checkbox",
      id: `${uid}-anonymous`,
      "aria-describedby": `${uid}-anonymous-help`,
      onchange: () => channel.send({ anonymous: box.checked, page }),
    });
    box.checked = state.anonymous;
    who.replaceChildren(
      make("span.kit-who-name", {}, say("who.now", { marker: state.marker })),
      make("button.kit-quiet", { onclick: () => channel.send({ sit: "", page }) }, say("who.change")),
      make("label.kit-check", { for: box.id }, box, say("who.anonymous")),
      make("span.kit-small", { id: `${uid}-anonymous-help` }, say("who.anonymous_help")),
    );
  }

  let sat = null; // who sat here when this was drawn
  function draw() {
    const focused = who.contains(root.getRootNode().activeElement);
    if (state.marker !== sat) {
      queue.reset();
      inside.hidden = !state.marker;
      if (state.marker) sits();
      else ask("");
      if (focused && state.marker) {
        if (state.answers.length) queue.focus();
        else tabs[0].focus();
      } else if (focused) who.querySelector("input").focus();
      sat = state.marker;
      told.hidden = true;
    }
    drawTabs();
    for (const part of Object.values(parts)) part.draw();
    saver.tell();
  }

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !state?.marker) return;
    const writing = event.target.matches("textarea, input, select");
    const taken = writing ? queue.leaveField(event) : shown === "answers" && panels[0].contains(event.target) && queue.key(event);
    if (taken) event.preventDefault();
  });

  root.append(
    make("div.kit-header", {}, make("div.kit-top", {}, make("h2.kit-title", {}, say("title")), status.line)),
    status.banners,
    who,
    inside,
    live.element,
  );
  el.append(root);
  saver.tell();
  channel.open();

  return () => {
    channel.close();
    root.remove();
  };
}

export default { render };
