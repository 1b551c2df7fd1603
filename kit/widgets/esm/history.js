// What a learner has answered, with undo and redo without limit; each way is a list of plain sets.

/**
 * @typedef {[item: string, value: any]} Set a value of null takes the answer away
 * @typedef {{item: string, before: any, after: any}} Step what became of one answer
 */

/** @param {Record<string, any>} start */
export function createHistory(start = {}) {
  const answers = new Map(Object.entries(start));
  const done = []; // lists of steps: what one gesture changed is undone at once
  const undone = [];

  const put = (item, value) => (value === null ? answers.delete(item) : answers.set(item, value));

  const walk = (from, to) => {
    const steps = from.pop();
    if (!steps) return null;
    const back = steps.map(({ item, before, after }) => ({ item, before: after, after: before })).reverse();
    to.push(back);
    for (const { item, after } of back) put(item, after);
    return back;
  };

  return {
    /** @type {Map<string, any>} */
    answers,
    /**
     * @param {Set[]} sets
     * @returns {Step[]}
     */
    change(sets) {
      const steps = sets.map(([item, after]) => {
        const step = { item, before: answers.get(item) ?? null, after };
        put(item, after);
        return step;
      });
      done.push(steps);
      undone.length = 0;
      return steps;
    },
    /** @returns {Step[] | null} what became of which answers; null if nothing is left to undo */
    undo: () => walk(done, undone),
    redo: () => walk(undone, done),
    get canUndo() {
      return done.length > 0;
    },
    get canRedo() {
      return undone.length > 0;
    },
    /** Take up what the kernel knows; the way back is kept where nothing differs. */
    restore(known) {
      const same =
        answers.size === Object.keys(known).length &&
        Object.entries(known).every(
          ([item, value]) => JSON.stringify(answers.get(item)) === JSON.stringify(value),
        );
      if (same) return;
      answers.clear();
      for (const [item, value] of Object.entries(known)) answers.set(item, value);
      done.length = undone.length = 0;
    },
    /** Take an answer back that the kernel refused, without a way to it. */
    drop(item, value) {
      put(item, value);
      done.length = undone.length = 0;
    },
  };
}
