// Where actions wait until they are on disk: in this window, and in sessionStorage for a reload.

/**
 * @param {string} id names exercise, task and learner
 */
export function createShelf(id) {
  /** @type {Map<string, {owner: string, actions: object[]}>} */
  const window_ = (globalThis.kitPending ??= new Map());
  const key = `kit:pending:${id}`;

  const stored = () => {
    try {
      const found = JSON.parse(sessionStorage.getItem(key) ?? "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return []; // storage is closed, or holds something else
    }
  };

  const peek = () => [...(window_.get(id)?.actions ?? stored())];

  return {
    peek,
    /** What waits, from now on in the hands of `owner`. */
    take(owner) {
      const actions = peek();
      window_.set(id, { owner, actions });
      return actions;
    },
    put(owner, actions) {
      window_.set(id, { owner, actions });
      try {
        if (actions.length) sessionStorage.setItem(key, JSON.stringify(actions));
        else sessionStorage.removeItem(key);
      } catch {
        // Full or closed: the window still has them.
      }
    },
    isOf: (owner) => window_.get(id)?.owner === owner,
  };
}

/**
 * Note that a view is there; return the name of the one it replaces in this tab, if that one is gone.
 * @param {string} id
 * @param {string} page
 */
export function enter(id, page) {
  const there = (globalThis.kitPages ??= new Set());
  const key = `kit:page:${id}`;
  let before = null;
  try {
    before = sessionStorage.getItem(key);
    sessionStorage.setItem(key, page);
  } catch {
    // Without storage a reload waits until the kernel has forgotten the old view.
  }
  there.add(page);
  return before && !there.has(before) ? before : null;
}

/** Note that a view has gone. */
export const leave = (page) => globalThis.kitPages?.delete(page);
