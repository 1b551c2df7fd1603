"""From what a learner marked to the data of figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.article import Span
from kit.codebook import codebook
from kit.exercise import Exercise, Task
from kit.figures.article_map import article_map
from kit.figures.chain import chain
from kit.figures.picture import Picture
from kit.figures.progress import Step, progress
from kit.figures.voices import Voice, voices
from kit.messages import say
from kit.scoring import counted, score_task
from kit.scoring.spans import Words, read_span
from kit.session import Session

PLACED = ("classify", "highlight", "attribution")  # kinds of task whose answers stand in the text


def map_of(session: Session) -> Picture | None:
    """Return the map of what a learner marked, layer by layer; None if nothing is marked."""
    exercise, lang = session.exercise, session.lang
    layers: dict[str, Words] = {}
    for task in exercise.tasks:
        if task.kind not in PLACED:
            continue
        name = codebook().layers[task.layer].name[lang]
        marked = layers.get(name, frozenset())
        for item, value in session.response.task(task.id).answers.items():
            marked |= exercise.article.words_of(place_of(exercise, task, item, value))
        layers[name] = marked
    if not any(layers.values()):
        return None
    return article_map(exercise.article, layers, say("figures.map_title", lang), lang)


def voices_of(session: Session) -> Picture | None:
    """Return the share of words of each source that a learner found; None if there is none."""
    exercise, lang = session.exercise, session.lang
    words: dict[str, Words] = {}
    stakes: set[str] = set()
    for value in _attributions(session):
        name = _name(exercise, value, lang)
        reported = exercise.article.words_of(_span(exercise, value.get("content")))
        others = frozenset().union(*words.values()) if words else frozenset()
        words[name] = words.get(name, frozenset()) | (reported - others)
        if value.get("interest") == "stake":
            stakes.add(name)
    if not words:
        return None
    heard = [Voice(name, len(each), name in stakes) for name, each in words.items()]
    return voices(heard, len(exercise.article.words), say("figures.voices_title", lang), lang)


def chain_of(session: Session) -> Picture | None:
    """Return the roads of the words: by the key where one was checked, else as marked."""
    exercise, lang = session.exercise, session.lang
    roads = [[_name(exercise, value, lang)] for value in _attributions(session)]
    if not roads:
        return None
    if exercise.key is not None and _checked(session):
        via = [
            [exercise.article.quote(each.spans["source"]), exercise.article.quote(each.via)]
            for each in exercise.key.attributions
            if each.via and each.spans["source"]
        ]
        passed = {road[0] for road in via}
        roads = [*via, *(road for road in roads if road[0] not in passed)]
    return chain(roads, say("figures.chain_title", lang), lang)


def progress_of(sessions: Iterable[Session], lang: str) -> Picture | None:
    """Return the progress over all tasks that a learner has begun; None before the first check."""
    steps = [
        step
        for session in sessions
        for task in session.exercise.tasks
        if (step := _step(session, task)) is not None
    ]
    if not any(step.now is not None for step in steps):
        return None
    return progress(steps, say("figures.progress_title", lang), lang)


def place_of(exercise: Exercise, task: Task, item: str, value: Any) -> Span:
    """Return where in the text an answer stands; empty if it stands nowhere."""
    if task.kind == "classify":
        clause = exercise.by_clause.get(item)
        return clause.span if clause else ()
    if task.kind == "highlight":
        return _span(exercise, value.get("ranges"))
    if task.kind == "attribution":
        parts = ("source", "cue", "content")
        return tuple(range_ for part in parts for range_ in _span(exercise, value.get(part)))
    return ()


def _step(session: Session, task: Task) -> Step | None:
    state = session.response.task(task.id)
    if session.exercise.key is None:
        return None
    name = f"{session.exercise.id} · {codebook().layers[task.layer].name[session.lang]}"
    if not state.checks:
        return Step(name, None, None)
    first = {item: value for answers in state.first.values() for item, value in answers.items()}
    now = counted(session.exercise, task, state)
    return Step(name, *(score_task(session.exercise, task, each).score for each in (first, now)))


def _attributions(session: Session) -> list[dict[str, Any]]:
    return [
        value
        for task in session.exercise.tasks
        if task.kind == "attribution"
        for value in session.response.task(task.id).answers.values()
    ]


def _checked(session: Session) -> bool:
    tasks = [task for task in session.exercise.tasks if task.kind == "attribution"]
    return any(session.response.task(task.id).checks for task in tasks)


def _name(exercise: Exercise, value: dict[str, Any], lang: str) -> str:
    source = _span(exercise, value.get("source"))
    return exercise.article.quote(source) if source else say("figures.unnamed", lang)


def _span(exercise: Exercise, value: Any) -> Span:
    return read_span(exercise.article, value) or ()
