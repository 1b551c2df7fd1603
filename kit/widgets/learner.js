// The form that asks who is working, and lets the learner be changed by one click.

/** @typedef {{learner?: string, folder?: string, known?: string, error?: string}} State */

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

// JupyterLab's shortcuts match the focused element itself, so a parent cannot fend them off.
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  if (["BUTTON", "INPUT"].includes(element.tagName)) element.dataset.lmSuppressShortcuts = "true";
  element.append(...children);
  return element;
}

function render({ model, el }) {
  const words = model.get("words");
  const root = make("section", { className: "kit-form" });
  root.setAttribute("aria-label", words.title);
  const live = make("p", { className: "kit-form-live" });
  live.setAttribute("role", "status");
  const body = make("div");
  root.append(body, live);
  el.append(root);

  const send = (content) => {
    try {
      model.send(content);
    } catch {
      live.textContent = words.dead;
    }
  };

  function ask(error) {
    const input = make("input", { type: "text", id: crypto.randomUUID(), maxLength: 40, autocomplete: "off" });
    const help = make("p", { id: crypto.randomUUID(), textContent: words.help });
    input.setAttribute("aria-describedby", help.id);
    if (error) input.setAttribute("aria-invalid", "true");
    const label = make("label", { htmlFor: input.id, textContent: words.label });
    const form = make("form", {}, label, help, input, make("button", { type: "submit", textContent: words.start }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send({ learner: input.value });
    });
    body.replaceChildren(make("h2", { textContent: words.title }), form);
    if (error) input.focus();
  }

  function confirm(name) {
    const mine = make("button", { type: "button", textContent: words.mine });
    const other = make("button", { type: "button", textContent: words.other, className: "kit-second" });
    mine.addEventListener("click", () => send({ learner: name, mine: true }));
    other.addEventListener("click", () => { ask(); body.querySelector("input").focus(); });
    body.replaceChildren(
      make("p", { textContent: fill(words.exists, { name }) }), make("div", { className: "kit-row" }, mine, other));
    mine.focus();
  }

  function show(learner, folder) {
    const leave = make("button", { type: "button", textContent: words.leave, className: "kit-second" });
    leave.addEventListener("click", () => send({ leave: true }));
    const who = make("p", { className: "kit-who", textContent: fill(words.working, { name: learner }) });
    const where = make("p", { textContent: fill(words.folder, { folder }) });
    body.replaceChildren(make("div", { className: "kit-row" }, who, leave), where);
  }

  function draw() {
    /** @type {State} */
    const state = model.get("state");
    live.textContent = state.error ?? "";
    if (state.learner) show(state.learner, state.folder);
    else if (state.known) confirm(state.known);
    else ask(state.error);
  }

  model.on("change:state", draw);
  draw();
  return () => model.off("change:state", draw);
}

export default { render };
