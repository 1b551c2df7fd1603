// The words of the page: fills in what a message names, and counts in the reader's language.

/**
 * @param {Record<string, string>} words messages by id
 * @param {string} lang
 * @returns {(id: string, details?: Record<string, string | number>) => string}
 */
export function createWords(words, lang) {
  const plural = new Intl.PluralRules(lang);
  return (id, details = {}) => {
    let text = words[id];
    if (text === undefined && "count" in details) {
      text = words[`${id}.${plural.select(details.count)}`] ?? words[`${id}.other`];
    }
    return (text ?? id).replace(/\{(\w+)\}/g, (_, name) => String(details[name] ?? ""));
  };
}

/** A quotation on one line, shortened in its middle where it is long. */
export function shortened(quote, most = 80) {
  const signs = [...quote.replaceAll("\n", " ")];
  if (signs.length <= most) return signs.join("");
  const half = Math.floor((most - 3) / 2);
  return `${signs.slice(0, half).join("")} … ${signs.slice(-half).join("")}`;
}

/** A sentence that begins with a capital. */
export const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
