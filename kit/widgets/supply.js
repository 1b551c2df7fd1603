// The box into which a published article is pasted; what it holds is only ever shown as text.

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  if (["BUTTON", "TEXTAREA", "SUMMARY"].includes(element.tagName)) element.dataset.lmSuppressShortcuts = "true";
  element.append(...children);
  return element;
}

function render({ model, el }) {
  const words = model.get("words");
  const live = make("p", { className: "kit-form-live" });
  live.setAttribute("role", "status");
  const known = make("div");
  const send = (content) => {
    try {
      model.send(content);
    } catch {
      live.textContent = words.dead;
    }
  };

  const box = make("textarea", { id: crypto.randomUUID(), rows: 6, spellcheck: false });
  const label = make("label", { htmlFor: box.id, textContent: words.supply_label });
  const add = make("button", { type: "submit", textContent: words.supply_add });
  const form = make("form", {}, make("p", { textContent: words.supply_help }), label, box, add);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ text: box.value });
  });
  const fold = make("details", { className: "kit-form" },
    make("summary", { textContent: words.supply_title }), known, form, live);
  el.append(fold);

  function draw() {
    const state = model.get("state");
    live.textContent = state.said ?? state.error ?? "";
    live.classList.toggle("kit-wrong", Boolean(state.error));
    if (state.said) box.value = "";
    known.replaceChildren(...state.known.map((exercise) => {
      const open = make("button", { type: "button", textContent: fill(words.supply_open, { exercise }) });
      open.addEventListener("click", () => send({ open: exercise }));
      return make("p", {}, fill(words.supply_known, { exercise }) + " ", open);
    }));
  }

  model.on("change:state", draw);
  draw();
  return () => model.off("change:state", draw);
}

export default { render };
