// What stands beside and below the text of the class view: disputes, and the class against the key.

import { make } from "./dom.js";
import { shortened } from "./words.js";

const MOST_CONFUSED = 5;

/**
 * Numbers as the reader's language writes them.
 * @param {string} lang
 */
export function createNumbers(lang) {
  const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 });
  const signed = new Intl.NumberFormat(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const plain = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
  // French sets a narrow space before the sign; some engines give the wide one.
  return {
    percent: (share) => percent.format(share).replace("\u00a0", "\u202f"),
    signed: (value) => signed.format(value).replace("-", "−"),
    plain: (value) => plain.format(value),
  };
}

/** A bar with its words: the length says what the number says. */
const bar = (share, ...words) => {
  const element = make("li.kit-bar", {}, make("span.kit-bar-fill", { "aria-hidden": "true" }), make("span", {}, ...words));
  element.style.setProperty("--share", share.toFixed(3));
  return element;
};

/**
 * One disputed passage: its words, how often two learners differ, and how the class is split.
 * @param {object} passage
 * @param {object} given
 */
export function dispute(passage, { at, held, learners, names, say, numbers, entries, textLang, onpick }) {
  const quote = make("span", { lang: textLang }, say("disputed.quote", { quote: shortened(passage.quote, 90) }));
  const pick = make("button.kit-pick", { "data-key": `d${passage.words[0]}`, "aria-expanded": String(held), onclick: onpick },
    make("span.kit-rank", {}, `${at + 1}`), quote);
  const split = Object.entries(passage.split).sort((one, other) => other[1] - one[1]);
  if (passage.nothing) split.push(["", passage.nothing]);
  const of = split.reduce((sum, [, count]) => sum + count, 0) || learners;
  const told = (label) => (label ? names[label] : say("nothing"));
  const brief = [...split].sort((one, other) => other[1] - one[1]).slice(0, 2);
  const key = entries.map(({ status, name, why }) =>
    make("p.kit-key-note", {}, make("strong", {}, name ? say("disputed.expected", { status: say(`status.${status}`), name }) : say(`status.${status}`)), ` ${why}`));
  return make(`li.kit-dispute${held ? ".is-held" : ""}`, {}, pick,
    make("p.kit-brief.kit-soft", {}, brief.map(([label, count]) => `${count} ${told(label)}`).join(" · ")),
    make("div.kit-whole", {},
      make("p.kit-soft", {}, say("disputed.share", { share: numbers.percent(passage.divided) })),
      make("ul.kit-bars", {}, ...split.map(([label, count]) =>
        bar(count / of, make("strong", {}, String(count)), ` ${told(label)}`))),
      ...key));
}

/** Sound passages that were marked, the most often first. */
export function alarms(told, learners, { say, numbers, textLang }) {
  const by = Object.fromEntries(told.key.map((entry) => [entry.id, entry]));
  const rows = told.alarms.filter(({ id }) => by[id]).map(({ id, learners: count }) =>
    make("li", {},
      make("ul.kit-bars", {}, bar(count / (learners || 1), make("strong", {}, say("of", { count, of: learners })), " ",
        make("span", { lang: textLang }, say("disputed.quote", { quote: shortened(by[id].quote, 90) })))),
      make("p.kit-key-note", {}, by[id].why)));
  return [
    make("p", {}, say("alarms.each", { mean: numbers.plain(told.alarmsEach) })),
    rows.length ? make("ol.kit-accused", {}, ...rows) : make("p", {}, say("alarms.none")),
  ];
}

/** What was taken for what: the commonest mistakes, then the whole table. */
export function confusions(told, { say, names, tags, task }) {
  const { rows, columns, counts } = told.confusion;
  const pairs = rows.flatMap((expected, row) =>
    columns.map((chosen, column) => ({ expected, chosen, count: counts[row][column] })))
    .filter(({ expected, chosen, count }) => chosen && chosen !== expected && count)
    .sort((one, other) => other.count - one.count);
  const totals = Object.fromEntries(rows.map((expected, row) => [expected, counts[row].reduce((sum, each) => sum + each, 0) || 1]));
  const list = pairs.slice(0, MOST_CONFUSED).map(({ expected, chosen, count }) =>
    bar(count / totals[expected], make("strong", {}, say("confusion.times", { count, of: totals[expected] })), " ",
      say("confusion.pair", { expected: names[expected], chosen: names[chosen] })));
  const head = columns.map((label) =>
    make("th", { scope: "col" }, label ? make("abbr", { title: names[label] }, tags[label]) : say("confusion.nothing")));
  const body = rows.map((expected, row) => {
    return make("tr", {}, make("th", { scope: "row" }, make("strong", {}, tags[expected]), ` ${names[expected]}`),
      ...counts[row].map((count, column) => {
        const cell = make("td", {}, count ? String(count) : make("span.kit-none", {}, "·"));
        if (columns[column] === expected) cell.classList.add("is-right");
        cell.style.setProperty("--share", (count / totals[expected]).toFixed(3));
        return cell;
      }));
  });
  return [
    list.length ? make("ul.kit-bars", {}, ...list) : make("p", {}, say("confusion.none")),
    make("p.kit-soft", {}, say("confusion.caption")),
    scrolled(say("confusion.table"), task, make("table.kit-matrix", {},
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("confusion.expected")), ...head)),
      make("tbody", {}, ...body))),
  ];
}

/** Each question: how many had it right, and whether those good at the rest did. */
export function itemTable(told, { say, numbers, textLang, task }) {
  const by = Object.fromEntries(told.key.map((entry) => [entry.id, entry]));
  const enough = told.items.some(({ of }) => of >= told.fewest);
  const rows = [...told.items].sort((one, other) => one.right / (one.of || 1) - other.right / (other.of || 1));
  const body = rows.map(({ id, right, of, r, low, high }) => {
    const entry = by[id];
    const share = of ? right / of : 0;
    const cells = [
      make("th", { scope: "row" }, make("span", { lang: textLang }, shortened(entry.quote, 60)), entry.name ? make("span.kit-soft", {}, ` ${entry.name}`) : ""),
      make("td", {}, make("ul.kit-bars", {}, bar(share, make("strong", {}, numbers.percent(share)), ` ${say("of", { count: right, of })}`))),
    ];
    if (enough) {
      cells.push(make("td.kit-range-cell", {}, r === null ? make("span.kit-soft", {}, say("items.flat"))
        : make("span", {}, range(r, low, high), make("span.kit-figures", {}, make("strong", {}, numbers.signed(r)), " ",
          say("items.range", { low: numbers.signed(low), high: numbers.signed(high) })))));
    }
    return make("tr", {}, ...cells);
  });
  return [
    make("p", {}, enough ? say("items.about") : say("items.few", { count: told.fewest })),
    make("p.kit-soft", {}, say("items.caption")),
    scrolled(say("items.table"), task, make("table.kit-item-table", {},
      make("thead", {}, make("tr", {}, ...["passage", "right", ...(enough ? ["discrimination"] : [])].map((name) =>
        make("th", { scope: "col" }, say(`items.${name}`))))),
      make("tbody", {}, ...body))),
  ];
}

/** An interval on a scale from −1 to 1, with its middle and with nothing marked. */
function range(r, low, high) {
  const at = (value) => `${(50 * (value + 1)).toFixed(1)}%`;
  const line = make("span.kit-range-line");
  line.style.insetInlineStart = at(low);
  line.style.inlineSize = `${(50 * (high - low)).toFixed(1)}%`;
  const dot = make("span.kit-range-dot");
  dot.style.insetInlineStart = at(r);
  return make("span.kit-range", { "aria-hidden": "true" }, line, dot);
}

/** How sure, and how often right. */
export function calibrationTable(told, { say, numbers, task }) {
  const rows = told.calibration.map(({ sure, answers, right }) =>
    make("tr", {}, make("th", { scope: "row" }, numbers.percent(sure)),
      make("td", {}, make("ul.kit-bars", {}, bar(right / answers, make("strong", {}, numbers.percent(right / answers)), ` ${say("of", { count: right, of: answers })}`)))));
  return [make("p.kit-soft", {}, say("calibration.caption")), scrolled(say("part.calibration"), task, make("table.kit-item-table", {},
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("calibration.sure")), make("th", { scope: "col" }, say("calibration.right")))),
    make("tbody", {}, ...rows)))];
}

/** Every passage the class marked, as a table: what the bars show, in numbers. */
export function passageTable(figures, { say, names, textLang, task }) {
  const rows = figures.passages.map(({ quote, split, nothing }) => {
    const labels = Object.entries(split).sort((one, other) => other[1] - one[1]);
    const marked = labels.reduce((sum, [, count]) => sum + count, 0);
    return make("tr", {}, make("th", { scope: "row", lang: textLang }, shortened(quote, 80)),
      make("td", {}, say("of", { count: marked, of: marked + nothing })),
      make("td", {}, labels.map(([label, count]) => `${names[label]} ${count}`).join(", ")));
  });
  return scrolled(say("passages.title"), task, make("table.kit-item-table", {},
    make("thead", {}, make("tr", {}, ...["passage", "marked", "labels"].map((name) => make("th", { scope: "col" }, say(`passages.${name}`))))),
    make("tbody", {}, ...rows)));
}

/** A wide table scrolls by itself, also by keyboard; the page does not. */
const scrolled = (name, task, table) => {
  const label = `${name}, ${task}`; // several views stand in one notebook
  table.setAttribute("aria-label", label);
  return make("div.kit-scrolled", { role: "region", "aria-label": label, tabindex: "0" }, table);
};
