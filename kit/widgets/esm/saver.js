// Holds every action until the kernel has it on disk: one in flight, in order, nothing dropped.

const LATE = 2700; // ms after which a learner is told: within 3 s, painting included

/**
 * @typedef {object} Saving
 * @property {"saved" | "saving" | "late" | "failed"} name
 * @property {string} why worded by the kernel, when it failed
 * @property {boolean} gone the kernel does not answer
 * @property {number} waiting how many actions are not on disk
 */

/**
 * @param {object} given
 * @param {string} given.page
 * @param {ReturnType<import("./shelf.js").createShelf>} given.shelf
 * @param {(content: object) => boolean} given.send false when the kernel cannot be reached
 * @param {(saving: Saving) => void} given.show
 * @param {(action: object, message: object) => void} given.saved
 * @param {(action: object, why: string) => void} given.refused
 */
export function createSaver({ page, shelf, send, show, saved, refused }) {
  let queue = [];
  let open = false; // whether this page may write
  let flying = null; // the id that was sent and not answered
  let flyingSince = 0;
  let why = "";
  let gone = false;
  const born = new Map(); // id → when the learner did it

  const tell = () => {
    const late = queue.length > 0 && performance.now() - born.get(queue[0].id) >= LATE;
    const name = why ? "failed" : !queue.length ? "saved" : late || gone ? "late" : "saving";
    show({ name, why, gone, waiting: queue.length });
  };

  const hold = (action) => {
    born.set(action.id, performance.now());
    setTimeout(tell, LATE + 20);
  };

  const pump = () => {
    if (flying || !open || !queue.length || !shelf.isOf(page)) return;
    flying = queue[0].id;
    flyingSince = performance.now();
    if (!send({ action: queue[0], page })) flying = null;
  };

  const take = (id) => {
    const action = queue.find((each) => each.id === id);
    if (!action) return null; // answered twice
    queue = queue.filter((each) => each !== action);
    shelf.put(page, queue);
    if (flying === id) flying = null;
    why = "";
    return action;
  };

  return {
    /** Take an action; it counts as unsaved before anything can go wrong. */
    submit(action) {
      if (!shelf.isOf(page)) queue = [...shelf.take(page)];
      queue = [...queue, action];
      shelf.put(page, queue);
      hold(action);
      tell();
      pump();
    },

    /** The kernel lets this page write: what waited from before goes first. */
    start() {
      if (open && shelf.isOf(page)) return;
      open = true;
      flying = null;
      queue = [...shelf.take(page)];
      queue.forEach(hold);
      tell();
      pump();
    },

    /** Another page writes now. */
    stop() {
      open = false;
      flying = null;
      tell();
    },

    heard(message) {
      if (message.saved) {
        const action = take(message.saved);
        if (!action) return;
        performance.measure("kit:save", { start: born.get(action.id), end: performance.now() });
        born.delete(action.id);
        tell();
        saved(action, message);
        pump();
      } else if (message.failed && message.final) {
        const action = take(message.failed);
        tell();
        if (action) refused(action, message.why);
        pump();
      } else if (message.failed && message.failed === flying) {
        flying = null;
        why = message.why || "?";
        tell();
      }
    },

    /** A sign of life sent after the action was answered, the action was not: it got lost on its way. */
    alive(since) {
      if (flying && flyingSince < since) flying = null;
      pump();
    },

    setGone(now) {
      if (gone === now) return;
      gone = now;
      tell();
    },

    retry: pump,
    tell,

    /** What is not on disk, in order, whoever will send it. */
    pending: () => (shelf.isOf(page) ? [...queue] : shelf.peek()),
  };
}
