// Marks in a text by mouse, touch and keyboard: cursor, selection, menu, handles. What a mark means is told from outside.

import { createCursor } from "./cursor.js";
import { make } from "./dom.js";
import { actionOf } from "./keyboard.js";
import { afterPaint } from "./measure.js";
import { createMenu } from "./menu.js";
import { joined, sameRanges, sizeOf } from "./pieces.js";
import { dropSystemSelection, listenToPointer } from "./pointer.js";
import { createText } from "./text.js";
import { shortened } from "./words.js";

const ALOUD = 160; // signs of a selection that are read aloud

/**
 * @typedef {import("./text.js").Mark & {label: string}} LabelledMark
 *
 * @typedef {object} Book what the marks are kept in
 * @property {object[]} labels each with id, key, name, line
 * @property {() => LabelledMark[]} marks
 * @property {(ranges: import("./pieces.js").Range[], label: string, event?: Event) => string | null} put returns the new mark's id
 * @property {(id: string, label: string, event?: Event) => void} relabel
 * @property {(id: string, ranges: import("./pieces.js").Range[], event?: Event) => void} reshape
 * @property {(id: string, event?: Event) => void} remove
 */

/**
 * @param {object} host what the widget gives to each kind of task
 * @param {Book} book
 */
export function createMarking(host, book) {
  const { view, say, live, offsets } = host;
  const cursor = createCursor(view);
  const how = `${host.uid}-how`;
  const text = createText(view, offsets, say, {
    textbox: {
      role: "textbox",
      "aria-readonly": "true",
      "aria-multiline": "true",
      "aria-label": say("text.name", { title: view.title }),
      "aria-describedby": how,
      tabindex: 0,
    },
  });
  const menu = createMenu(host.root, book.labels, say);
  const hint = make("p.kit-adding", { hidden: true });
  const element = make(
    "div.kit-marking",
    {},
    make("p.kit-live", { id: how }, say("text.how")),
    text.element,
    hint,
    menu.element,
  );

  let picked = null; // the mark that is held
  let adding = false; // whether the next selection becomes a piece of it
  let native = false; // the selection is the system's own: it draws it
  let prompt = ""; // what to select first, or next
  let tapped = false; // a first word was tapped
  let pulled = null; // {id, ranges} while a handle is dragged
  let focused = false;
  let before = []; // paragraphs that show cursor, selection or held mark now

  const markOf = (id) => book.marks().find((mark) => mark.id === id);
  const quote = (ranges) =>
    ranges.map(([start, end]) => offsets.slice(start, end).replaceAll("\n", " ")).join(" … ");
  const labelOf = (id) => book.labels.find((label) => label.id === id);
  const marksAt = ([start, end]) =>
    book
      .marks()
      .filter((mark) => mark.ranges.some(([from, to]) => from < end && to > start))
      .sort((a, b) => sizeOf(a.ranges) - sizeOf(b.ranges));
  const chosen = () => {
    const selection = cursor.selection;
    return selection ? cursor.ranges(selection, cursor.exact) : [];
  };

  // --- drawing -------------------------------------------------------------------------------

  const layers = () => ({
    marks: pulled
      ? book.marks().map((mark) => (mark.id === pulled.id ? { ...mark, ranges: pulled.ranges } : mark))
      : book.marks(),
    cursor: focused && !cursor.empty ? cursor.word : null,
    selection: native ? [] : chosen(),
    picked,
    handles: host.writable(),
  });

  /** Draw what changed: given paragraphs, and those of cursor, selection and held mark, now and before. */
  const draw = (names = []) => {
    if (picked && !markOf(picked)) picked = null;
    if (!picked) adding = false;
    const held = picked ? (pulled?.ranges ?? markOf(picked).ranges) : [];
    const after = text.touching([cursor.word, ...chosen(), ...held]);
    text.draw([...names, ...before, ...after], layers());
    before = after;
    const wanted = adding ? say("text.adding", { quote: shortened(quote(held), 40) }) : prompt;
    hint.hidden = !wanted;
    hint.textContent = wanted;
    const name = view.paragraphs.find(({ start, end }) => start <= cursor.word[0] && cursor.word[0] < end)?.name;
    if (name) host.atParagraph(name);
  };

  const show = () =>
    afterPaint(() => text.element.querySelector(".is-cursor")?.scrollIntoView({ block: "nearest" }));

  // --- saying --------------------------------------------------------------------------------

  const wordAloud = () => {
    const names = marksAt(cursor.word).map((mark) => [mark.name, mark.number].filter(Boolean).join(" "));
    const word = quote([cursor.word]);
    return names.length ? say("live.word_in", { word, labels: names.join(", ") }) : word;
  };

  const selectionAloud = () => {
    const ranges = chosen();
    return say("live.selection", { count: cursor.count(ranges), quote: shortened(quote(ranges), ALOUD) });
  };

  const aloud = () => live.say(cursor.selecting ? selectionAloud() : wordAloud());

  // --- what a learner does -------------------------------------------------------------------

  const letSelectionGo = () => {
    cursor.drop();
    tapped = false;
    if (native) dropSystemSelection(text.element);
    native = false;
  };

  /** Hold the mark under the cursor: the one held already if it is there, else the shortest. */
  const hold = () => {
    if (adding) return;
    const here = cursor.selecting ? [] : marksAt(cursor.word);
    if (!here.some((mark) => mark.id === picked)) picked = here[0]?.id ?? null;
  };

  const label = (id, event) => {
    if (!host.writable()) return;
    const ranges = chosen();
    if (adding) return addPiece(event);
    prompt = "";
    if (picked && !ranges.length) {
      book.relabel(picked, id, event);
    } else {
      const wanted = ranges.length ? ranges : focused && !cursor.empty ? [cursor.word] : [];
      if (!wanted.length) {
        ask(say("live.select_first"));
        return;
      }
      letSelectionGo();
      picked = book.put(wanted, id, event) ?? picked;
    }
    draw();
  };

  const addPiece = (event) => {
    const mark = markOf(picked);
    const ranges = chosen().length ? chosen() : [cursor.word];
    adding = false;
    letSelectionGo();
    if (mark) book.reshape(mark.id, joined([...mark.ranges, ...ranges]), event);
    draw();
  };

  const remove = (event) => {
    if (!picked || !host.writable()) return;
    const id = picked;
    picked = null;
    book.remove(id, event);
    draw();
  };

  const moveEnd = (side, way, event) => {
    const mark = markOf(picked);
    if (!mark || !host.writable()) return;
    // The piece at the cursor, or the last one.
    const at = mark.ranges.findIndex(([start, end]) => start <= cursor.word[0] && cursor.word[0] < end);
    const index = at < 0 ? mark.ranges.length - 1 : at;
    const moved = cursor.moved(mark.ranges[index], side, way);
    const ranges = joined(mark.ranges.with(index, moved));
    if (sameRanges(ranges, mark.ranges)) return;
    const edge = side === "end" ? moved[1] - 1 : moved[0];
    cursor.put(cursor.indexAt(edge));
    book.reshape(mark.id, ranges, event);
    draw();
  };

  const startAdding = () => {
    if (!picked || !host.writable()) return;
    menu.close();
    adding = true;
    letSelectionGo();
    draw();
    live.say(hint.textContent);
  };

  /** Say what to select, there where the eyes are. */
  const ask = (text) => {
    prompt = text;
    draw();
    live.say(text);
  };

  const openMenu = (focus, anchor = null) => {
    if (!host.writable()) return;
    const mark = cursor.selecting ? null : markOf(picked);
    const ranges = mark?.ranges ?? (chosen().length ? chosen() : [cursor.word]);
    const others = mark ? marksAt(cursor.word).filter((each) => each.id !== mark.id) : [];
    const extras = [];
    if (adding && cursor.selecting) extras.push({ text: say("menu.add_this"), run: () => addPiece() });
    if (mark) {
      extras.push({ text: say("menu.add"), run: startAdding });
      extras.push({ text: say("menu.remove"), run: () => remove() });
    }
    if (others.length) extras.push({ text: say("menu.other", { label: others[0].name }), run: () => pick(others[0].id) });
    menu.open({
      title: say("live.selection", { count: cursor.count(ranges), quote: shortened(quote(ranges)) }),
      current: mark?.label ?? null,
      extras,
      choose: (id) => label(id),
      anchor: () => anchor ?? lastOf(".is-selected") ?? lastOf(".is-picked") ?? lastOf(".is-cursor"),
      focus,
      back: anchor ?? text.element,
    });
  };

  const lastOf = (selector) => [...text.element.querySelectorAll(selector)].at(-1);

  const pick = (id) => {
    picked = id;
    letSelectionGo();
    const mark = markOf(id);
    if (mark) cursor.put(cursor.indexAt(mark.ranges[0][0]));
    draw();
    aloud();
  };

  const letGo = () => {
    if (menu.isOpen) menu.close();
    else if (adding || prompt) {
      adding = false;
      prompt = "";
    } else if (cursor.selecting) letSelectionGo();
    else if (picked) picked = null;
    else return;
    draw();
    live.say(say("live.let_go"));
  };

  // --- keyboard ------------------------------------------------------------------------------

  const onKey = (event) => {
    const action = actionOf(event, "text");
    if (!action) return;
    event.preventDefault();
    const [what, way] = action.act.split("-");
    const step = way === "next" ? 1 : -1;
    if (["word", "sentence", "paragraph", "edge", "text"].includes(what)) {
      menu.close();
      if (native) letSelectionGo();
      cursor.move(what, step, action.extend);
      hold();
      draw();
      aloud();
      show();
      host.painted(event);
    } else if (action.act === "label") {
      const found = book.labels.find(({ key }) => key === action.digit);
      menu.close();
      if (found) label(found.id, event);
    } else if (action.act === "menu") {
      if (adding) addPiece(event);
      else openMenu(true);
    } else if (what === "end" || what === "start") {
      moveEnd(what, step, event);
    } else if (action.act === "add-piece") {
      startAdding();
    } else if (action.act === "remove") {
      remove(event);
    } else {
      letGo();
    }
  };

  text.element.addEventListener("keydown", onKey);
  text.element.addEventListener("focus", (event) => {
    focused = true;
    hold();
    draw();
    if (!cursor.empty && !element.contains(event.relatedTarget)) live.say(say("live.entered", { word: wordAloud() }));
  });
  text.element.addEventListener("blur", () => {
    focused = false;
    draw();
  });
  text.element.addEventListener("copy", (event) => {
    const ranges = chosen();
    if (native || !ranges.length) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", quote(ranges));
  });

  // --- mouse and touch -----------------------------------------------------------------------

  const pickAt = (hit) => {
    // Where marks lie over one another, each click holds the next one, the shortest first.
    const order = marksAt([hit.offset, hit.offset + 1]).map(({ id }) => id);
    if (!order.length) return false;
    picked = order[(order.indexOf(picked) + 1) % order.length];
    letSelectionGo();
    cursor.put(cursor.indexAt(hit.offset));
    return true;
  };

  const selectWord = (hit, extend) => {
    const index = hit.inside ? cursor.indexAt(hit.offset, true) : -1;
    if (index < 0) return false;
    if (extend) cursor.put(index, true);
    else cursor.select(index, index);
    native = false;
    return true;
  };

  const closeAll = () => {
    menu.close();
    letSelectionGo();
    if (!adding) picked = null;
  };

  const click = (hit, event) => {
    menu.close();
    if (!host.writable()) return;
    if (event.shiftKey && selectWord(hit, true)) picked = adding ? picked : null;
    else if (adding && selectWord(hit, false)) return addPiece(event);
    else if (hit.marks.length && pickAt(hit)) {
      draw();
      aloud();
      host.painted(event);
      openMenu(false);
      return;
    } else if (selectWord(hit, false)) picked = null;
    else {
      closeAll();
      draw();
      return;
    }
    draw();
    aloud();
    host.painted(event);
    openMenu(false);
  };

  const tap = (hit) => {
    if (!host.writable()) return;
    text.element.focus({ preventScroll: true });
    if (tapped && selectWord(hit, true)) {
      tapped = false;
    } else if (hit.marks.length && !adding && pickAt(hit)) {
      tapped = false;
    } else if (selectWord(hit, false)) {
      tapped = true;
      if (!adding) picked = null;
    } else {
      closeAll();
      draw();
      return;
    }
    draw();
    aloud();
    openMenu(false);
  };

  const drag = (from, to, exact) => {
    if (!host.writable()) return;
    menu.close();
    native = false;
    const start = Math.min(from.offset, to.offset);
    const end = Math.max(from.offset, to.offset) + 1;
    if (exact) {
      const [first, last] = [Math.min(from.caret, to.caret), Math.max(from.caret, to.caret)];
      cursor.selectExactly(...offsets.wholeSigns(first, last));
    } else {
      const words = cursor.within(start, end);
      if (words) cursor.select(...words);
    }
    if (!adding) picked = null;
    draw();
  };

  const drop = () => {
    if (!cursor.selecting || !host.writable()) return;
    aloud();
    if (adding) addPiece();
    else openMenu(false);
  };

  const pull = (side, offset, to, exact) => {
    const mark = markOf(picked);
    if (!mark || !host.writable()) return;
    menu.close();
    pulled ??= {
      id: mark.id,
      ranges: mark.ranges,
      index: mark.ranges.findIndex((range) => range[side === "end" ? 1 : 0] === offset),
    };
    const [start, end] = mark.ranges[pulled.index];
    const other = exact ? to.caret : to.offset;
    const stretch = side === "end" ? [start, exact ? other : other + 1] : [other, end];
    if (stretch[0] >= stretch[1]) return;
    const ranges = exact ? [offsets.wholeSigns(...stretch)] : cursor.ranges(stretch);
    if (ranges.length !== 1) return; // a mark's piece stays in its paragraph
    // The end that is not pulled stays where it is, even inside a word.
    const next = side === "end" ? [start, ranges[0][1]] : [ranges[0][0], end];
    pulled.ranges = mark.ranges.with(pulled.index, next);
    draw(text.touching(mark.ranges));
  };

  const release = () => {
    if (!pulled) return;
    const { id, ranges } = pulled;
    pulled = null;
    if (!sameRanges(joined(ranges), markOf(id)?.ranges)) book.reshape(id, joined(ranges));
    draw(text.touching(ranges));
  };

  const stop = listenToPointer(text.element, {
    click,
    tap,
    drag,
    drop,
    pull,
    release,
    cancel() {
      pulled = null;
      draw();
    },
    system(start, end) {
      if (!host.writable()) return;
      const words = cursor.within(start, end);
      if (!words) return;
      cursor.select(...words);
      native = true;
      tapped = false;
      if (!adding) picked = null;
      openMenu(false);
    },
  });

  // The menu goes when a press lands elsewhere, and moves along when the page scrolls.
  const pressed = (event) => {
    const path = event.composedPath();
    if (!menu.isOpen || path.includes(element)) return;
    if (!path.includes(host.root)) {
      menu.close(false);
      letSelectionGo();
      draw();
    } else if (!path.some((each) => each.classList?.contains("kit-legend"))) menu.close(false);
  };
  document.addEventListener("pointerdown", pressed, true);
  addEventListener("scroll", menu.place, { capture: true, passive: true });
  addEventListener("resize", menu.place);

  text.draw(view.paragraphs.map(({ name }) => name), layers());

  return {
    element,
    quote,
    labelOf,
    touching: text.touching,
    draw,
    drawAll: () => draw(view.paragraphs.map(({ name }) => name)),
    /** Label what is selected, or the held mark. */
    label(id, event) {
      menu.close(false);
      label(id, event);
    },
    /** Hold a mark and go to it. */
    goTo(id) {
      text.element.focus({ preventScroll: true });
      pick(id);
      show();
    },
    pick,
    ask,
    focus: () => text.element.focus({ preventScroll: true }),
    /** Open the menu for a mark, beside a button. */
    menuFor(id, button) {
      picked = id;
      letSelectionGo();
      draw();
      openMenu(true, button);
    },
    get selecting() {
      return cursor.selecting;
    },
    close() {
      stop();
      menu.close(false);
      document.removeEventListener("pointerdown", pressed, true);
      removeEventListener("scroll", menu.place, { capture: true });
      removeEventListener("resize", menu.place);
    },
  };
}
