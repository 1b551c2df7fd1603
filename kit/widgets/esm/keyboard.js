// The one table of keys: what is pressed, where, what it does. The help panel is drawn from it.

/**
 * @typedef {object} Row
 * @property {"text" | "menu" | "list" | "buttons" | "clauses" | "questions" | "anywhere"} where
 * @property {string} act
 * @property {string[]} keys "Ctrl+Shift+z"; "Digit" stands for 1 to 9 and 0
 * @property {boolean} [extend] with Shift it extends the selection
 * @property {string} [kind] only in tasks of this kind
 * @property {string} [help] the message that says what it does; rows without one are not listed
 */

/** @type {Row[]} */
const KEYS = [
  { where: "text", act: "word-next", keys: ["ArrowRight"], extend: true, help: "word" },
  { where: "text", act: "word-back", keys: ["ArrowLeft"], extend: true, help: "word" },
  { where: "text", act: "sentence-next", keys: ["Ctrl+ArrowRight"], extend: true, help: "sentence" },
  { where: "text", act: "sentence-back", keys: ["Ctrl+ArrowLeft"], extend: true, help: "sentence" },
  { where: "text", act: "paragraph-next", keys: ["ArrowDown"], extend: true, help: "paragraph" },
  { where: "text", act: "paragraph-back", keys: ["ArrowUp"], extend: true, help: "paragraph" },
  { where: "text", act: "edge-back", keys: ["Home"], extend: true, help: "edge" },
  { where: "text", act: "edge-next", keys: ["End"], extend: true, help: "edge" },
  { where: "text", act: "text-back", keys: ["Ctrl+Home"], extend: true, help: "whole" },
  { where: "text", act: "text-next", keys: ["Ctrl+End"], extend: true, help: "whole" },
  { where: "text", act: "label", keys: ["Digit"], help: "label" },
  { where: "text", act: "menu", keys: ["Enter"], help: "menu" },
  { where: "text", act: "end-back", keys: ["Alt+ArrowLeft"], help: "end" },
  { where: "text", act: "end-next", keys: ["Alt+ArrowRight"], help: "end" },
  { where: "text", act: "start-back", keys: ["Shift+Alt+ArrowLeft"], help: "start" },
  { where: "text", act: "start-next", keys: ["Shift+Alt+ArrowRight"], help: "start" },
  { where: "text", act: "add-piece", keys: ["+"], help: "add" },
  { where: "text", act: "remove", keys: ["Delete", "Backspace"], help: "remove" },
  { where: "text", act: "let-go", keys: ["Escape"], help: "let_go" },
  { where: "menu", act: "item-next", keys: ["ArrowDown"], help: "item" },
  { where: "menu", act: "item-back", keys: ["ArrowUp"], help: "item" },
  { where: "menu", act: "item-first", keys: ["Home"] },
  { where: "menu", act: "item-last", keys: ["End"] },
  { where: "menu", act: "label", keys: ["Digit"], help: "choose" },
  { where: "menu", act: "close", keys: ["Escape", "Tab", "Shift+Tab"], help: "close" },
  { where: "list", act: "item-next", keys: ["ArrowDown"], help: "row" },
  { where: "list", act: "item-back", keys: ["ArrowUp"], help: "row" },
  { where: "list", act: "item-first", keys: ["Home"] },
  { where: "list", act: "item-last", keys: ["End"] },
  { where: "list", act: "part-next", keys: ["ArrowRight"], help: "row_part" },
  { where: "list", act: "part-back", keys: ["ArrowLeft"], help: "row_part" },
  { where: "list", act: "remove", keys: ["Delete", "Backspace"], help: "remove" },
  { where: "buttons", act: "item-next", keys: ["ArrowRight", "ArrowDown"], help: "button" },
  { where: "buttons", act: "item-back", keys: ["ArrowLeft", "ArrowUp"], help: "button" },
  { where: "buttons", act: "item-first", keys: ["Home"] },
  { where: "buttons", act: "item-last", keys: ["End"] },
  { where: "clauses", act: "label", keys: ["Digit"], help: "answer" },
  { where: "clauses", act: "clause-next", keys: ["PageDown", "n"], help: "clause_next" },
  { where: "clauses", act: "clause-back", keys: ["PageUp", "p"], help: "clause_back" },
  { where: "clauses", act: "remove", keys: ["Delete", "Backspace"], help: "clear" },
  { where: "questions", act: "label", keys: ["Digit"], help: "answer" },
  { where: "questions", act: "question-next", keys: ["PageDown", "n"], help: "question_next" },
  { where: "questions", act: "question-back", keys: ["PageUp", "p"], help: "question_back" },
  { where: "questions", act: "remove", keys: ["Delete", "Backspace"], help: "clear" },
  { where: "anywhere", act: "check", keys: ["v"], help: "check" },
  { where: "anywhere", act: "undo", keys: ["Ctrl+z"], help: "undo" },
  { where: "anywhere", act: "redo", keys: ["Ctrl+y", "Ctrl+Shift+z"], help: "redo" },
  { where: "anywhere", act: "help", keys: ["?"], help: "help" },
];

/** Places of the table in which a kind of task has keys, in the order of the help panel. */
const PLACES = {
  highlight: ["text", "menu", "list", "buttons", "anywhere"],
  attribution: ["text", "menu", "buttons", "anywhere"],
  classify: ["clauses", "buttons", "anywhere"],
};
const QUESTIONS = ["questions", "buttons", "anywhere"]; // of every task that is a list of them

const byKey = new Map();
for (const row of KEYS) {
  for (const key of row.keys) {
    byKey.set(`${row.where} ${key}`, { act: row.act, extend: false });
    if (row.extend) {
      const shifted = key.startsWith("Ctrl+") ? key.replace("Ctrl+", "Ctrl+Shift+") : `Shift+${key}`;
      byKey.set(`${row.where} ${shifted}`, { act: row.act, extend: true });
    }
  }
}

/**
 * What a key press means somewhere, if it means anything there.
 * @param {KeyboardEvent} event
 * @param {Row["where"]} where
 * @returns {{act: string, extend: boolean, digit: string} | null}
 */
export function actionOf(event, where) {
  if (event.isComposing || event.getModifierState?.("AltGraph")) return null;
  const digit = digitOf(event);
  const found = byKey.get(`${where} ${digit === null ? nameOf(event) : "Digit"}`);
  return found ? { ...found, digit } : null;
}

/**
 * The rows of the help panel: by place, keys with the same effect together.
 * @param {string} kind
 * @param {boolean} exam nothing can be checked
 * @returns {{where: string, rows: {help: string, keys: string[]}[]}[]}
 */
export function helpOf(kind, exam) {
  return (PLACES[kind] ?? QUESTIONS).map((where) => {
    const rows = new Map();
    for (const row of KEYS) {
      if (row.where !== where || !row.help || (exam && row.act === "check")) continue;
      const known = rows.get(row.help);
      if (known) known.keys.push(...row.keys);
      else rows.set(row.help, { help: row.help, keys: [...row.keys] });
    }
    if (KEYS.some((row) => row.where === where && row.extend)) {
      rows.set("extend", { help: "extend", keys: ["Shift"] });
    }
    return { where, rows: [...rows.values()] };
  });
}

/** A digit by its place on the keyboard: a French one writes & é " there without Shift. */
function digitOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return /^(?:Digit|Numpad)(\d)$/.exec(event.code ?? "")?.[1] ?? null;
}

function nameOf(event) {
  const single = event.key.length === 1;
  const letter = single && event.key.toLowerCase() !== event.key.toUpperCase();
  const signs = [];
  if (event.ctrlKey || event.metaKey) signs.push("Ctrl");
  if (event.shiftKey && (!single || letter)) signs.push("Shift");
  if (event.altKey) signs.push("Alt");
  return [...signs, single ? event.key.toLowerCase() : event.key].join("+");
}
