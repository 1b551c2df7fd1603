"""A small class that has handed in: open answers on *foire*, marks and contests on *halle*."""

import csv
import re
import shutil
from pathlib import Path

from kit.grading.gradebook import Plan, grade_class
from kit.loading import load
from kit.submission import compose, encoded

HERE = Path(__file__).parent
AT = "2026-05-12T10:00:00Z"
WHY = "La comparaison oublie la taille des villes."
LEARNERS = ("ana", "bob", "chloé")


def build(folder):
    """Make a course with the tests' two exercises; the class hands in into `classe`."""
    (folder / "notebooks").mkdir()
    for id in ("halle", "foire"):
        shutil.copytree(HERE / id, folder / "exercises" / id)
    for name in ("exercise.toml", "key.toml"):
        _only_open(folder / "exercises" / "foire" / name)
    (folder / "classe").mkdir()
    return folder


def _only_open(path):
    """Leave of an exercise the one task of open questions, so that other kinds do not count."""
    head, *tables = path.read_text("utf-8").split("\n[[")
    kept = [
        each
        for each in tables
        if re.search(r'^(id = "reasons"|task = "reasons"|item = "o)', each, re.M)
    ]
    path.write_text("\n[[".join([head, *kept]) + "\n", "utf-8")


def hand_in(school, exercise, learner, answers, contests=()):
    """Write one hand-in: answers as {task: {item: value}}, contests as (task, target, reason)."""
    log = [{"id": "o", "do": "open", "exercise": exercise.id, "article": exercise.article.sha256}]
    number = 0
    for task, items in answers.items():
        for item, value in items.items():
            number += 1
            action = {"do": "set", "task": task, "item": item, "value": value}
            log.append({"id": str(number), "at": AT} | action)
    for task, target, reason in contests:
        number += 1
        action = {"do": "contest", "task": task, "target": target, "reason": reason}
        log.append({"id": str(number), "at": AT} | action)
    path = school / "classe" / f"{learner}_{exercise.id}_v1.json"
    path.write_bytes(encoded(compose(exercise, learner, log, 1, AT)))


def write(school, **texts):
    """Let learners answer the open questions of *foire*."""
    exercise = load("foire")
    for learner, text in texts.items():
        given_ = {item: {"text": words} for item, words in text.items()}
        hand_in(school, exercise, learner, {"reasons": given_})


def regrade(school, **options):
    plan = Plan(school / "classe", school / "out", feedback=False, **options)
    grade_class(plan)
    with (school / "out" / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def extra(exercise):
    """A mark that meets nothing in the key."""
    taken = [range_ for entry in exercise.key.entries for range_ in entry.span]
    word = next(
        word
        for word in exercise.article.words
        if not any(start < word.end and word.start < end for start, end in taken)
        and exercise.article.paragraph_of([word]) in exercise.task("bias").paragraphs
    )
    return {"label": exercise.task("bias").labels[0], "ranges": [list(word)]}
