// A fake model and a small fake kernel that answers, waits, fails, or cannot be reached.

const data = JSON.parse(document.querySelector("#data").textContent);
const escaped = document.querySelector("#module").textContent;
const source = new DOMParser().parseFromString(escaped, "text/html").documentElement.textContent;
const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" })); // as anywidget does

class Kernel {
  constructor(state) {
    this.mode = "answer"; // "hold": answers later; "silent": never; "fail", "refuse"; "throw": cannot be reached
    this.state = { answers: {}, feedback: {}, contests: {}, handedIn: null, aside: 0, ...state };
    this.writer = null;
    this.canWrite = true;
    this.greeted = new Set();
    this.heard = []; // everything
    this.actions = []; // what is on disk
    this.held = [];
    this.feedback = {}; // by paragraph, what the next check says
    this.delay = 0;
  }

  hear(model, content) {
    if (this.mode === "throw") throw new Error("Cannot send");
    this.heard.push(structuredClone(content));
    if (this.mode === "silent") return;
    const answer = () => this.answers(content).forEach((reply) => model.tell(reply));
    if (this.mode === "hold") this.held.push(answer);
    else setTimeout(answer, this.delay);
  }

  release() {
    this.mode = "answer";
    for (const answer of this.held.splice(0)) answer();
  }

  answers(content) {
    if (content.hello) {
      const to = content.hello;
      if (this.canWrite) this.writer ??= to;
      if (content.heir === this.writer) this.writer = to;
      const writer = this.writer === to;
      if (this.greeted.has(to)) return [{ to, alive: true, writer }];
      this.greeted.add(to);
      return [{ to, writer, state: structuredClone(this.state) }];
    }
    if (content.take) {
      const other = this.writer;
      this.writer = content.take;
      const lost = other ? [{ to: other, writer: false }] : [];
      return [...lost, { to: content.take, writer: true, state: structuredClone(this.state) }];
    }
    if (content.bye) {
      if (this.writer === content.bye) this.writer = null;
      return [];
    }
    return [this.act(content.action, content.page)];
  }

  act(action, to) {
    if (this.mode === "fail") return { to, failed: action.id, why: "le disque est plein." };
    if (this.mode === "refuse") return { to, failed: action.id, why: "réponse inconnue.", final: true };
    const reply = { to, saved: action.id };
    if (!this.actions.some(({ id }) => id === action.id)) this.actions.push(action);
    const told = (names, change) => {
      reply.feedback = {};
      for (const name of names) {
        const before = this.state.feedback[name] ?? blank();
        reply.feedback[name] = this.state.feedback[name] = change(structuredClone(before), name);
      }
    };
    if (action.do === "set") {
      if (action.value === null) delete this.state.answers[action.item];
      else this.state.answers[action.item] = action.value;
    } else if (action.do === "check") {
      told(action.paragraphs, (old, name) => {
        const given = this.feedback[name] ?? {};
        return { ...old, summary: "Rien à signaler ici.", ...given, tries: old.tries + 1, left: old.left - 1, stale: false };
      });
      if (this.feedback[""]) reply.feedback[""] = this.feedback[""];
    } else if (action.do === "hint") {
      told([action.paragraph], (old) => {
        const rung = old.hints.length + 1;
        return { ...old, hints: [...old.hints, { rung, text: `Indice ${rung} : regarder la phrase qui commence par « Selon ».` }], moreHints: rung < 3 };
      });
    } else if (action.do === "model") {
      told(action.paragraphs, (old, name) => ({ ...old, model: this.feedback[name]?.answer ?? [], moreHints: false }));
    } else if (action.do === "contest") {
      this.state.contests[action.target] = action.reason;
    } else if (action.do === "hand_in") {
      this.state.handedIn = { version: 1, receipt: "K7QF-2M9D-41XA", at: "2025-03-04T09:30:00Z", file: "remises/zoe.json" };
      reply.handedIn = this.state.handedIn;
    } else if (action.do === "take_back") {
      reply.handedIn = this.state.handedIn = null;
    }
    return reply;
  }
}

const blank = () => ({ tries: 0, left: 3, stale: false, summary: "", items: {}, hints: [], moreHints: true, modelAllowed: true, model: null });

class Model {
  constructor(kernel, view) {
    this.kernel = kernel;
    this.view = view;
    this.listeners = new Set();
  }
  get() {
    return this.view;
  }
  on(_type, run) {
    this.listeners.add(run);
  }
  off(_type, run) {
    this.listeners.delete(run);
  }
  send(content) {
    this.kernel.hear(this, content);
  }
  tell(message) {
    for (const model of window.models) for (const run of [...model.listeners]) run(structuredClone(message));
  }
}

window.models = [];
window.kernel = new Kernel(data.state);
window.show = async (place = document.querySelector("#cell"), kernel = window.kernel) => {
  const model = new Model(kernel, data.view);
  window.models.push(model);
  const widget = (await import(url)).default;
  const close = await widget.render({ model, el: place });
  return () => {
    close();
    window.models.splice(window.models.indexOf(model), 1);
  };
};
window.close_ = await window.show();
window.ready = true;
