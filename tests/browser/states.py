"""The states of a task that a learner sees, reached as a learner reaches them."""

from kit.codebook import codebook
from kit.loading import load
from kit.session import Session
from kit.simulation import right

# Which notebook shows which task first.
TASKS = {
    "00-prise-en-main": ("z0", "bias"),
    "02-affirmations": ("openai-bid", "claims"),
    "03-sources": ("openai-bid", "sources"),
    "04-mots-qui-penchent": ("openai-bid", "bias"),
}
STATES = ("empty", "marked", "checked", "hints", "model", "handed in")


def mixed(exercise, task):
    """Answers of a learner on the way: some right, some near, some wrong, some missing."""
    good = right(exercise, task)
    items = list(good)
    if task.kind == "classify":
        labels = {item: good[item] for item in items[: len(items) * 2 // 3]}
        for number, item in enumerate(labels):
            near = [x for x in task.labels if codebook().near("claim", x, good[item])]
            labels[item] = [good[item], good[item], near[0], task.labels[-1]][number % 4]
        return labels
    if task.kind == "attribution":
        begun = {item: dict(good[item]) for item in items[: max(len(items) // 2, 1)]}
        for number, value in enumerate(begun.values()):
            if number % 3 == 1:
                value.pop("cue", None)
            if number % 3 == 2:
                value["interest"] = "unknown"
        return begun
    marks = {item: dict(good[item]) for item in items[: max(len(items) * 2 // 3, 1)]}
    for number, item in enumerate(items[: len(marks)]):
        if number % 4 == 2:  # the right place, a neighbouring label
            near = [x for x in task.labels if codebook().near("bias", x, good[item]["label"])]
            marks[item]["label"] = near[0]
    others = exercise.entries(task, "sound")[:2] + exercise.entries(task, "debated")[:1]
    for entry in others:
        ranges = [list(range_) for range_ in entry.span]
        marks[entry.id] = {"label": entry.label or task.labels[0], "ranges": ranges}
    return marks


def answer(responses, learner, exercise_id, task_id):
    """Put mixed answers on disk, as if the learner had come here before."""
    exercise = load(exercise_id)
    task = exercise.task(task_id)
    session = Session(exercise, learner, responses)
    for number, value in enumerate(mixed(exercise, task).values()):
        item = list(mixed(exercise, task))[number] if task.kind == "classify" else f"m{number}"
        action = {"do": "set", "task": task_id, "item": item, "value": value}
        session.act({"id": f"{task_id}-{number}", "at": "2026-11-23T09:00:00Z"} | action)


def widget(page):
    """The first task of the notebook."""
    return page.locator(".kit-task").first


def narrow(page, width):
    """Make the window as wide as the widget needs to measure `width` pixels."""
    for _ in range(4):  # JupyterLab's own margins change with the window
        now = widget(page).evaluate("element => element.getBoundingClientRect().width")
        size = page.viewport_size
        wanted = round(size["width"] - now + width)
        page.set_viewport_size({"width": max(wanted, 200), "height": size["height"]})
        page.wait_for_timeout(400)


def go_to(page, state):
    """Bring the first task from the state before into this one."""
    task = widget(page)
    if state == "checked":
        task.get_by_role("button", name="Vérifier tout").click()
        task.get_by_role("heading", name="Paragraphe 1").wait_for()
    if state == "hints":
        for _ in range(2):
            more = task.locator("button:enabled:visible", has_text="ndice")
            if more.count():  # nothing is left to find where all is right
                more.last.click()
                page.wait_for_timeout(600)
    if state == "model":
        task.locator("button:enabled:visible", has_text="Voir le corrigé").last.click()
        task.get_by_text("Les vérifications suivantes ne compteront plus").wait_for()
        task.locator("button:enabled:visible", has_text="Voir le corrigé").last.click()
        task.locator(".kit-model").or_(task.get_by_text("Dit sans pencher")).first.wait_for()
    if state == "handed in":
        task.get_by_role("button", name="Remettre").click()
        task.get_by_role("button", name="Remettre maintenant").click()
        task.get_by_text("Remis (version 1).").wait_for()
    page.wait_for_timeout(300)
