"""Writes a static page with the class view of a simulated class and a fake kernel: no Jupyter."""

from __future__ import annotations

import html
import json
from typing import Any

from kit.classroom.classview import HERE, ClassView, view_of
from kit.classstats import board
from kit.demo_class import hand_ins
from kit.exercise import Exercise
from kit.grading.grade import Bench, grade

KERNEL = """
const data = JSON.parse(document.querySelector("#data").textContent);
const escaped = document.querySelector("#module").textContent;
const source = new DOMParser().parseFromString(escaped, "text/html").documentElement.textContent;
const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
window.model = {
  values: { view: data.view, figures: data.figures, told: {} },
  listeners: {},
  heard: [],
  answers: true,
  get(name) { return this.values[name]; },
  on(name, run) { (this.listeners[name] ??= []).push(run); },
  off(name, run) { this.listeners[name] = this.listeners[name].filter((each) => each !== run); },
  put(name, value) {
    this.values[name] = value;
    for (const run of this.listeners[`change:${name}`]) run();
  },
  tell(content) { for (const run of this.listeners["msg:custom"]) run(content); },
  send(content) {
    this.heard.push(content);
    const told = content.key ? data.told : {};
    if ("key" in content && this.answers) setTimeout(() => this.put("told", told));
  },
};
await (await import(url)).default.render({ model, el: document.querySelector("#cell") });
window.ready = true;
"""


def figures(
    exercise: Exercise, task: str, learners: int, seed: int = 1, **more: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the page is given of a simulated class: without the key, and with it."""
    bench = Bench()
    made = hand_ins(exercise, max(learners, 1), seed)
    records = [grade(data, bench) for _, data in made][:learners]
    asked = exercise.task(task)
    shown = board.figures(exercise, asked, records)
    quiet = {"problems": [], "waiting": 0, "elsewhere": 0, "missing": False}
    return shown | quiet | more, board.against(exercise, asked, records, "fr")


def page(
    exercise: Exercise,
    task: str,
    shown: dict[str, Any],
    told: dict[str, Any],
    theme: str = "light",
    lang: str = "fr",
) -> str:
    """Return the HTML of a page that shows the class view, with a fake kernel behind it."""
    view = view_of(exercise, exercise.task(task), "remises", lang)
    data = json.dumps({"view": view, "figures": shown, "told": told}, ensure_ascii=False)
    css = (HERE / "classview.css").read_text("utf-8")
    dark = "#111" if theme == "dark" else "#fff"
    return f"""<!doctype html>
<html lang="{lang}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Class</title>
<style>body {{ margin: 8px; background: {dark}; font-family: sans-serif }} {css}</style>
<body data-jp-theme-light="{"false" if theme == "dark" else "true"}">
<main><h1 style="position: absolute; opacity: 0">Page</h1><div id="cell"></div></main>
<script type="text/plain" id="module">{html.escape(str(ClassView._esm))}</script>
<script type="application/json" id="data">{data.replace("<", chr(92) + "u003c")}</script>
<script type="module">{KERNEL}</script>
"""
