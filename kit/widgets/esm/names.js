// Names that nobody else has. No crypto.randomUUID: a page served over plain http lacks it.

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A random UUID (version 4), for an action. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const all = hex(bytes);
  return [8, 12, 16, 20, 32].map((end, at, ends) => all.slice(ends[at - 1] ?? 0, end)).join("-");
}

/**
 * A short name: a letter and eight random signs.
 * @param {string} letter
 */
export function freshName(letter) {
  const signs = crypto.getRandomValues(new Uint32Array(8));
  return letter + Array.from(signs, (sign) => (sign % 36).toString(36)).join("");
}
