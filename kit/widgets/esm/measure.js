// Measures how long a learner waits; nothing leaves the page.

/**
 * Measure from an input event to the next painted frame ("kit:paint").
 * @param {number} start the event's time stamp
 */
export function measurePaint(start) {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel(); // its task runs once the frame is painted
    port1.onmessage = () => {
      performance.measure("kit:paint", { start, end: performance.now() });
      port1.close();
    };
    port2.postMessage(null);
  });
}

/** Run when the frame with the last writes has been painted: layout may then be read for nothing. */
export function afterPaint(run) {
  requestAnimationFrame(() => requestAnimationFrame(run));
}
