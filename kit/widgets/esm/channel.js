// Talks with the kernel: greets it, gives a sign of life, hears what is meant for this page.

const BEAT = 5000; // ms between two signs of life
const SILENT = 2; // signs of life without an answer after which the kernel counts as gone

/**
 * @typedef {object} Channel
 * @property {(content: object) => boolean} send false when the kernel cannot be reached
 * @property {() => void} close
 */

/**
 * @param {{send: Function, on: Function, off: Function}} model
 * @param {string} page the name of this view
 * @param {string | null} heir the view it replaces, after a reload or when the cell was run again
 * @param {object} on
 * @param {(message: object) => void} on.message
 * @param {(answeredSince: number) => void} on.alive a sign of life was answered; when it had been sent
 * @param {(gone: boolean) => void} on.gone
 * @param {() => void} on.beat
 * @returns {Channel}
 */
export function createChannel(model, page, heir, on) {
  const asked = []; // when the signs of life without an answer were sent
  let greeted = false;

  const send = (content) => {
    try {
      model.send(content); // throws once the kernel has been restarted
      return true;
    } catch {
      on.gone(true);
      return false;
    }
  };

  const beat = () => {
    if (asked.length >= SILENT) on.gone(true);
    asked.push(performance.now());
    send(greeted || !heir ? { hello: page } : { hello: page, heir });
    on.beat();
  };

  const hear = (message) => {
    if (message?.to !== page) return;
    on.gone(false);
    if (message.state || message.alive) {
      const since = asked[0] ?? 0;
      asked.length = 0;
      greeted = true;
      on.alive(since);
    }
    on.message(message);
  };

  model.on("msg:custom", hear);
  const timer = setInterval(beat, BEAT);
  return {
    send,
    /** Greet the kernel; apart from making the channel, so that all is in place to hear it. */
    open: beat,
    close() {
      clearInterval(timer);
      model.off?.("msg:custom", hear);
      send({ bye: page });
    },
  };
}
