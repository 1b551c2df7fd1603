// Mouse and touch on the text: from a place on the screen to a character, from a gesture to a meaning.

import { offsetAt } from "./offsets.js";

const STILL = 5; // px a pointer may move and still count as a click
const MARGIN = 6; // px beside a letter that still count as on it

/**
 * @typedef {object} Hit
 * @property {number} offset the character under the pointer, in code points
 * @property {number} caret the nearest place between two characters
 * @property {boolean} inside whether the pointer is on the character, not beside the text
 * @property {string[]} marks the marks that lie there, the shortest last
 *
 * @typedef {object} Gestures
 * @property {(hit: Hit, event: PointerEvent) => void} click mouse or pen
 * @property {(hit: Hit) => void} tap touch
 * @property {(from: Hit, to: Hit, exact: boolean) => void} drag while it lasts
 * @property {(exact: boolean) => void} drop when it ends
 * @property {(side: "start" | "end", offset: number, to: Hit, exact: boolean) => void} pull a handle, while it lasts
 * @property {() => void} release the handle
 * @property {() => void} cancel
 * @property {(start: number, end: number) => void} system a selection made by the system: long press, caret browsing
 */

/**
 * @param {HTMLElement} element the text
 * @param {Gestures} on
 * @returns {() => void} takes the listeners away
 */
export function listenToPointer(element, on) {
  let gesture = null; // {kind, from, x, y, side, offset, moved}
  let lastType = "mouse";
  let frame = 0;

  const down = (event) => {
    lastType = event.pointerType;
    if (event.button !== 0 || !event.isPrimary) return;
    const handle = event.target.closest?.(".kit-handle");
    if (event.pointerType === "touch" && !handle) return; // scrolling never marks: taps come as clicks
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    gesture = { kind: "press", x: event.clientX, y: event.clientY, moved: false };
    if (handle) {
      gesture.kind = "handle";
      element.classList.add("is-pulling"); // the handle itself is not in the way of the letters
      gesture.side = handle.dataset.side;
      gesture.offset = Number(handle.dataset.offset);
    } else {
      gesture.from = hitAt(element, event.clientX, event.clientY);
    }
  };

  const follow = (event) => {
    frame = 0;
    if (!gesture) return;
    const hit = hitAt(element, event.clientX, event.clientY);
    if (!hit) return;
    if (gesture.kind === "handle") on.pull(gesture.side, gesture.offset, hit, event.altKey);
    else if (gesture.from) on.drag(gesture.from, hit, event.altKey);
  };

  const move = (event) => {
    if (!gesture) return;
    const far = Math.hypot(event.clientX - gesture.x, event.clientY - gesture.y) > STILL;
    gesture.moved ||= far;
    if (!gesture.moved || frame) return;
    frame = requestAnimationFrame(() => follow(event)); // reads come first in a frame, then writes
  };

  const up = (event) => {
    if (!gesture) return;
    if (frame) cancelAnimationFrame(frame);
    if (gesture.moved) follow(event);
    const done = gesture;
    end();
    if (done.kind === "handle") on.release();
    else if (done.moved) on.drop(event.altKey);
    else if (done.from) on.click(done.from, event);
  };

  const cancel = () => {
    if (!gesture) return;
    end();
    on.cancel();
  };

  const end = () => {
    gesture = null;
    element.classList.remove("is-pulling");
  };

  const click = (event) => {
    if (lastType !== "touch" || event.target.closest?.(".kit-handle")) return;
    if (!systemSelection(element)) {
      const hit = hitAt(element, event.clientX, event.clientY);
      if (hit) on.tap(hit);
    }
  };

  const selected = () => {
    const span = systemSelection(element);
    if (span && !gesture) on.system(...span);
  };

  const blockDrag = (event) => event.preventDefault();
  const listeners = [
    [element, "pointerdown", down],
    [element, "pointermove", move],
    [element, "pointerup", up],
    [element, "pointercancel", cancel],
    [element, "click", click],
    [element, "dragstart", blockDrag],
    [document, "selectionchange", selected],
  ];
  for (const [target, type, run] of listeners) target.addEventListener(type, run);
  return () => {
    for (const [target, type, run] of listeners) target.removeEventListener(type, run);
  };
}

/** Drop the system's selection, if it lies in the text. */
export function dropSystemSelection(element) {
  if (systemSelection(element)) document.getSelection().removeAllRanges();
}

/** What lies at a place of the screen; null outside the paragraphs. */
function hitAt(element, x, y) {
  const place = caretAt(element, x, y);
  const owner = ownerOf(element, place?.node);
  if (!owner) return null;
  const caret = offsetAt(owner, place.node, place.unit);
  const { over, before } = letterUnder(place, x, y);
  const under = place.node.nodeType === Node.TEXT_NODE ? place.node.parentElement : place.node;
  const marks = under.closest?.("mark")?.dataset.marks?.split(" ") ?? [];
  return { offset: before ? caret - 1 : caret, caret, inside: over, marks: over ? marks : [] };
}

/** Whether the pointer is on a letter beside the caret, and whether that is the one before it. */
function letterUnder({ node, unit }, x, y) {
  if (node.nodeType !== Node.TEXT_NODE) return { over: false, before: false };
  const range = document.createRange();
  const holds = (from, to) => {
    if (from < 0 || to > node.length) return false;
    range.setStart(node, from);
    range.setEnd(node, to);
    return [...range.getClientRects()].some(
      (box) => x >= box.left && x <= box.right && y >= box.top - MARGIN && y <= box.bottom + MARGIN,
    );
  };
  if (holds(unit, unit + 1)) return { over: true, before: false };
  return { over: holds(unit - 1, unit), before: unit > 0 };
}

function caretAt(element, x, y) {
  if (document.caretPositionFromPoint) {
    const root = element.getRootNode();
    const options = root instanceof ShadowRoot ? { shadowRoots: [root] } : undefined;
    const place = document.caretPositionFromPoint(x, y, options);
    return place && { node: place.offsetNode, unit: place.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y); // Safari before 18.4
  return range && { node: range.startContainer, unit: range.startOffset };
}

function ownerOf(element, node) {
  const at = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const owner = at?.closest?.("[data-start]");
  return owner && element.contains(owner) ? owner : null;
}

/** The system's selection as offsets, if it is not empty and lies in the text. */
function systemSelection(element) {
  const selection = element.getRootNode().getSelection?.() ?? document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const first = ownerOf(element, range.startContainer);
  const last = ownerOf(element, range.endContainer);
  if (!first || !last) return null;
  return [
    offsetAt(first, range.startContainer, range.startOffset),
    offsetAt(last, range.endContainer, range.endOffset),
  ];
}
