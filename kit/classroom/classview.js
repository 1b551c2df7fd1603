// The class view's page: the text with what a class marked, growing while hand-ins arrive.

import { make } from "./dom.js";
import { createLive } from "./live.js";
import { createWords } from "./words.js";
import { createStrip, createText } from "./classview-text.js";
import { alarms, calibrationTable, confusions, createNumbers, dispute, itemTable, passageTable } from "./classview-tables.js";

const SIZES = [0.85, 1, 1.2, 1.4, 1.7];
const SIZE_KEPT = "kit-class-size";
const FEW = 0.15; // of the learners: what fewer marked is drawn only when it is asked for
const SILENCE = 15000; // without a sign of life for so long, the kernel is gone

function render({ model, el }) {
  const view = model.get("view");
  const say = createWords(view.words, view.lang);
  const numbers = createNumbers(view.lang);
  const names = Object.fromEntries(view.labels.map(({ id, name }) => [id, name]));
  const tags = Object.fromEntries(view.labels.map(({ id, tag }) => [id, tag]));
  const state = { label: "", least: null, held: null, size: keptSize(), handedIn: 0, heard: Date.now() };

  const live = createLive();
  const text = createText(view, say);
  const strip = createStrip(view, say, text.length);
  const common = { say, numbers, names, tags, textLang: view.textLang, task: view.task };

  // --- The head: how many, and what is shown ---
  const count = make("p.kit-class-count");
  const news = make("p.kit-class-news", { "aria-hidden": "true" }); // the live region says it
  const keyButton = make("button.kit-main", { onclick: () => askForKey(!told()), "data-key": "key" });
  const label = make("select", { onchange: () => { state.label = label.value; paint(); } },
    ...[["", say(view.kind === "classify" ? "label.most" : "label.all")], ...view.labels.map(({ id, name }) => [id, name])]
      .map(([id, name]) => make("option", { value: id }, name)));
  const least = make("input", { type: "range", min: "1", max: "1", value: "1", oninput: () => { state.least = Number(least.value); paint(); } });
  const atLeast = make("output");
  const full = make("button", { onclick: fullScreen, "data-key": "full" }, say("full"));
  const resize = (step) => {
    state.size = Math.max(0, Math.min(SIZES.length - 1, state.size + step));
    keep(state.size);
    root.style.setProperty("--kit-size", SIZES[state.size]);
    smaller.disabled = state.size === 0;
    larger.disabled = state.size === SIZES.length - 1;
  };
  const smaller = make("button.kit-square", { onclick: () => resize(-1), "aria-label": say("smaller") }, "A−");
  const larger = make("button.kit-square", { onclick: () => resize(1), "aria-label": say("larger") }, "A+");
  const tools = make("div.kit-class-tools", { role: "group", "aria-label": say("tools", { task: view.task }) },
    keyButton,
    make("label", {}, make("span", {}, say("label.title")), label),
    make("label", {}, make("span", {}, say("least.title")), least, atLeast),
    make("span.kit-pair", {}, smaller, larger), full);
  const banner = make("p.kit-class-banner", { role: "alert" });

  // --- What stands below ---
  const empty = make("p.kit-class-empty");
  const legend = make("p.kit-class-legend", {}, say(view.kind === "classify" ? "text.legend_labels" : "text.legend"));
  const keyLegend = make("p.kit-class-legend", {},
    ...["core", "debated", "sound"].map((status) =>
      make("span.kit-class-sample", {}, make(`span.kit-word.is-${status}`, {}, say(`status.${status}`)))));
  const disputes = make("ol.kit-disputes");
  const step = make("p.kit-soft", {}, say("disputed.keys"));
  const disputed = make("section.kit-class-side", {}, make("h3", {}, say("disputed.title")), step, disputes);
  const against = Object.fromEntries(["alarms", "confusion", "items", "calibration"].map((name) =>
    [name, { body: make("div"), section: null }]));
  for (const [name, part] of Object.entries(against)) {
    part.section = make("section.kit-class-part", {}, make("h3", {}, say(`part.${name}`)), part.body);
  }
  const table = make("details.kit-class-fold", {}, make("summary", {}, say("passages.title")), make("div"));
  const oddHead = make("summary");
  const odd = make("details.kit-class-fold", {}, oddHead, make("div"));
  const foot = make("p.kit-soft.kit-class-foot");

  const root = make("section.kit-class", { lang: view.lang, "aria-label": say("title", { title: view.title, task: view.task }) },
    make("header.kit-class-head", {},
      make("div", {}, make("h2", {}, view.title), make("p.kit-soft", {}, say("subtitle", { task: view.task }))),
      make("div.kit-class-numbers", {}, count, news)),
    banner, tools, empty, strip.element,
    make("div.kit-class-columns", {},
      make("section.kit-class-main", {}, make("h3", {}, say("text.title")), legend, keyLegend, text.element,
        make("p.kit-soft.kit-class-notice", {}, view.notice)), disputed),
    ...Object.values(against).map(({ section }) => section), table, odd, foot, live.element);
  el.append(root);

  const told = () => {
    const given = model.get("told");
    return given?.key ? given : null;
  };

  const send = (content) => {
    try {
      model.send(content);
      return true;
    } catch {
      banner.textContent = say("dead");
      return false;
    }
  };

  function askForKey(wanted) {
    if (send({ key: wanted })) setTimeout(() => { if (Boolean(told()) !== wanted) banner.textContent = say("dead"); }, 4000);
  }

  // --- Drawing ---

  const entriesAt = (words) => {
    const inside = new Set(words);
    const all = told()?.key ?? [];
    return all.filter((entry) => 2 * entry.words.filter((word) => inside.has(word)).length >= Math.min(entry.words.length, inside.size));
  };

  /** Key passages with the part of an attribution as their own lines. */
  const keyLines = () => (told()?.key ?? []).flatMap((entry) => {
    if (!entry.parts) return [entry];
    return Object.entries(entry.parts).filter(([, words]) => words.length)
      .map(([part, words]) => ({ ...entry, words, tag: tags[part], name: names[part], part }));
  }).filter((entry) => !state.label || !entry.part || entry.part === state.label);

  const heat = () => {
    const figures = model.get("figures");
    const fewest = state.least ?? Math.max(1, Math.ceil(FEW * figures.learners));
    const passages = figures.passages.map(({ words, split }) => {
      const best = Object.entries(split).sort((one, other) => other[1] - one[1])[0];
      const marked = Object.values(split).reduce((sum, each) => sum + each, 0);
      const number = state.label ? split[state.label] ?? 0 : view.kind === "classify" ? best?.[1] ?? 0 : marked;
      return { words, count: number, tag: view.kind === "classify" && !state.label && best ? tags[best[0]] : "" };
    }).filter((each) => each.count >= fewest);
    const held = figures.passages.find(({ words }) => words[0] === state.held)?.words ?? [];
    return { counts: figures.heat[state.label], learners: figures.learners, least: fewest, passages, key: keyLines(), held };
  };

  function paint() {
    const now = heat();
    text.paint(now);
    strip.paint(now);
    const { learners } = model.get("figures");
    least.max = String(Math.max(1, learners));
    least.value = String(now.least);
    atLeast.textContent = say("least.of", { count: now.least });
    paintDisputes();
  }

  function paintDisputes() {
    const figures = model.get("figures");
    const list = figures.disputed.map((at) => figures.passages[at]);
    disputes.replaceChildren(...list.map((passage, at) => dispute(passage, {
      ...common, at, held: passage.words[0] === state.held, learners: figures.learners,
      entries: told() ? entriesAt(passage.words) : [],
      onpick: () => hold(passage.words[0] === state.held ? null : passage),
    })));
    disputed.hidden = !list.length;
  }

  /** Take a passage to talk about: framed in the text, and brought on the screen. */
  function hold(passage) {
    state.held = passage ? passage.words[0] : null;
    keepFocus(paint);
    if (passage) text.show(passage.words[0]);
  }

  function walk(direction) {
    const figures = model.get("figures");
    const list = figures.disputed.map((at) => figures.passages[at]);
    if (!list.length) return;
    const at = list.findIndex(({ words }) => words[0] === state.held);
    const next = at < 0 ? (direction > 0 ? 0 : list.length - 1) : (at + direction + list.length) % list.length;
    hold(list[next]);
    live.say(say("disputed.said", { number: next + 1, quote: list[next].quote }));
  }

  /** Lists are made anew; whoever stood in them stays where they were. */
  function keepFocus(change) {
    const focused = root.getRootNode().activeElement?.closest?.("[data-key]");
    const key = root.contains(focused) ? focused.dataset.key : null;
    change();
    if (key) root.querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
  }

  function drawFigures() {
    const figures = model.get("figures");
    const { handedIn, learners, problems, waiting, elsewhere, missing } = figures;
    count.replaceChildren(make("strong", {}, String(handedIn)), ` ${say("count", { count: handedIn })}`);
    const added = handedIn - state.handedIn;
    if (added > 0) {
      const words = say("news", { count: added });
      live.say(words);
      news.textContent = words;
      news.classList.remove("is-new");
      void news.offsetWidth; // begins the animation anew
      news.classList.add("is-new");
    }
    state.handedIn = handedIn;
    empty.textContent = handedIn ? "" : say(missing ? "missing" : "empty", { folder: view.folder });
    empty.hidden = Boolean(handedIn);
    strip.element.hidden = !learners;
    table.hidden = !figures.passages.length;
    table.lastElementChild.replaceChildren(passageTable(figures, common));
    oddHead.textContent = say("odd.title", { count: problems.length });
    odd.hidden = !problems.length;
    odd.lastElementChild.replaceChildren(make("p.kit-soft", {}, say("odd.names")),
      make("ul.kit-odd", {}, ...problems.map(({ file, why }) => make("li", {}, make("bdi", {}, file || view.folder), ` – ${why}`))));
    foot.textContent = [
      say("foot.folder", { folder: view.folder }),
      handedIn > learners ? say("foot.blank", { count: handedIn - learners }) : "",
      waiting ? say("foot.waiting", { count: waiting }) : "",
      elsewhere ? say("foot.elsewhere", { count: elsewhere }) : "",
    ].filter(Boolean).join(" ");
    keepFocus(paint);
  }

  function drawTold() {
    const given = told();
    keyButton.textContent = say(given ? "key.hide" : "key.show");
    keyButton.setAttribute("aria-pressed", String(Boolean(given)));
    keyLegend.hidden = !given;
    root.classList.toggle("has-key", Boolean(given));
    const { learners } = model.get("figures");
    for (const { section } of Object.values(against)) section.hidden = true;
    if (given) {
      banner.textContent = "";
      const show = (name, content, wanted) => {
        against[name].body.replaceChildren(...(wanted ? content() : []));
        against[name].section.hidden = !wanted;
      };
      show("alarms", () => alarms(given, learners, common), learners && given.sound);
      show("confusion", () => confusions(given, common), learners && given.confusion.rows.length);
      show("items", () => itemTable(given, common), learners && given.items.length);
      show("calibration", () => calibrationTable(given, common), given.calibration.length);
    }
    keepFocus(paint);
  }

  // --- Keys, full screen, signs of life ---

  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen?.().catch(() => { banner.textContent = say("no_full"); });
  }

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const own = event.target.closest("select, input");
    const does = {
      ArrowRight: () => walk(1),
      ArrowLeft: () => walk(-1),
      k: () => askForKey(!told()),
      f: fullScreen,
      "+": () => resize(1),
      "-": () => resize(-1),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const escapes = event.key === "Escape" && state.held !== null && !document.fullscreenElement;
    const sideways = event.key.startsWith("Arrow") && event.target.closest(".kit-scrolled");
    if (own || sideways || (!does && !escapes)) return;
    event.preventDefault();
    event.stopPropagation();
    if (escapes) hold(null);
    else does();
  });

  const hear = (content) => {
    if (!content.beat) return;
    state.heard = Date.now();
    if (banner.textContent === say("dead")) banner.textContent = "";
  };
  const pulse = setInterval(() => {
    if (Date.now() - state.heard > SILENCE) banner.textContent = say("dead");
  }, 5000);

  model.on("change:figures", drawFigures);
  model.on("change:told", drawTold);
  model.on("msg:custom", hear);
  resize(0);
  drawTold();
  drawFigures();
  send({ hello: true });
  return () => {
    clearInterval(pulse);
    model.off("change:figures", drawFigures);
    model.off("change:told", drawTold);
    model.off("msg:custom", hear);
  };
}

/** The size of this screen, as it was left. */
function keptSize() {
  try {
    const kept = Number(localStorage.getItem(SIZE_KEPT) ?? 1);
    return kept in SIZES ? kept : 1;
  } catch {
    return 1;
  }
}

function keep(size) {
  try {
    localStorage.setItem(SIZE_KEPT, String(size));
  } catch {
    // a browser that keeps nothing shows the usual size
  }
}

export default { render };
