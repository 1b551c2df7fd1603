"""A simulated class: hand-ins of known behaviours, reproducible, with the truth beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

from kit.errors import KitError, Mistake
from kit.exercise import Entry, Exercise, Task
from kit.loading import load
from kit.response import Action, Answers
from kit.simulation import everything, false_alarms, neighbour, right, unlike
from kit.submission import compose, encoded

MOST_LEARNERS = 1_000_000
COPIES = "copies a neighbour"
# Share of a class, and how much of the answer is right: from, to.
BEHAVIOURS = {
    "careful": (0.45, 0.70, 1.00),
    "hasty": (0.30, 0.30, 0.70),
    COPIES: (0.10, 0.00, 0.00),  # as good as the neighbour
    "swaps labels": (0.07, 0.58, 0.68),
    "highlights everything": (0.05, 0.10, 0.25),
    "one passage only": (0.03, 0.06, 0.06),
}
CONTESTING = 0.1  # share of the careful who disagree with the key, and say why
_REASON = "Un autre lecteur pourrait comprendre ce passage autrement."
_BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_NAME = re.compile(r"eleve-\d+_.+_v1\.json")


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a simulated learner: `skill` is the share of the answer that is right."""

    learner: str
    behaviour: str
    skill: float
    copied_from: str = ""


def demo_class(learners: int, seed: int, to: Path, exercise: str = "openai-bid") -> list[Truth]:
    """Write the hand-ins of a simulated class, and the truth beside their folder.

    Parameters
    ----------
    learners, seed : int
        How many; which class.
    to : Path
        One file a learner goes in there, the truth into ``<to>.truth.json``.
    exercise : str
        Its id; its key must be in the course.

    Raises
    ------
    KitError
        If the exercise has no key here, or nothing can be written.
    """
    if not 1 <= learners <= MOST_LEARNERS:
        details: dict[str, object] = {"found": learners, "most": MOST_LEARNERS}
        raise KitError(Mistake("demo_learners", "--learners", "", details))
    loaded = load(exercise)
    if loaded.key is None:
        raise KitError(Mistake("demo_without_key", exercise))
    truths: list[Truth] = []
    try:
        to.mkdir(parents=True, exist_ok=True)
        names = set()
        for truth, data in hand_ins(loaded, learners, seed):
            path = to / f"{truth.learner}_{exercise}_v1.json"
            path.write_bytes(data)
            names.add(path.name)
            truths.append(truth)
        for path in to.glob("eleve-*_v1.json"):  # of a larger class made here before
            if path.name not in names and _NAME.fullmatch(path.name):
                path.unlink()
        told = {"exercise": exercise, "seed": seed, "learners": [asdict(each) for each in truths]}
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        to.with_name(f"{to.name}.truth.json").write_text(text, "utf-8", newline="\n")
    except OSError as error:
        why = error.strerror or str(error)
        raise KitError(Mistake("cannot_write_results", str(to), "", {"why": why})) from error
    return truths


def hand_ins(exercise: Exercise, learners: int, seed: int) -> Iterator[tuple[Truth, bytes]]:
    """Yield the truth and the file of each learner of a simulated class."""
    digits = len(str(learners))
    last: tuple[Truth, dict[str, Answers]] | None = None
    for number, behaviour in enumerate(_behaviours(learners, seed), start=1):
        random = Random(f"{seed}/{number}")  # noqa: S311  # a draw, not a secret
        learner = f"eleve-{number:0{digits}}"
        if behaviour == COPIES and last is not None:
            truth = Truth(learner, behaviour, last[0].skill, last[0].learner)
            answers = {task: dict(given) for task, given in last[1].items()}
            for given in answers.values():  # a slip in copying
                if len(given) > 1 and random.random() < 0.5:
                    del given[random.choice(sorted(given))]
        else:
            _, low, high = BEHAVIOURS[behaviour]
            truth = Truth(learner, behaviour, round(random.uniform(low, high), 3))
            answers = {task.id: _answers(exercise, task, truth, random) for task in exercise.tasks}
            last = truth, answers
        yield truth, _file(exercise, truth, answers, random)


def _behaviours(learners: int, seed: int) -> list[str]:
    """Deal the behaviours out by their shares, each at least once where there is room."""
    least = 1 if learners >= len(BEHAVIOURS) else 0
    dealt = [
        name
        for name, (share, *_) in list(BEHAVIOURS.items())[1:]
        for _ in range(max(round(share * learners), least))
    ]
    dealt += ["careful"] * (learners - len(dealt))
    Random(seed).shuffle(dealt)  # noqa: S311  # a draw, not a secret
    first = next(at for at, name in enumerate(dealt) if name != COPIES)
    dealt[0], dealt[first] = dealt[first], dealt[0]  # who comes first has nobody to copy from
    return dealt[:learners]


def _answers(exercise: Exercise, task: Task, truth: Truth, random: Random) -> Answers:
    key = _key(exercise, task)
    known = _share(key, truth.skill, random)
    if truth.behaviour == "one passage only":
        return dict([next(iter(key.items()))]) if key else {}
    if truth.behaviour == "highlights everything" and task.kind == "highlight":
        return everything(exercise, task.labels[:1])
    if task.kind == "classify":
        labels = known | {
            entry.clause: unlike(task, entry)
            for entry in _entries(exercise, task)
            if entry.clause and entry.clause not in known and random.random() < 0.5
        }
        if truth.behaviour == "swaps labels":
            entries = {entry.clause: entry for entry in _entries(exercise, task)}
            return {clause: neighbour(task, entries[clause], random) for clause in key}
        return labels
    if task.kind == "highlight":
        if truth.behaviour == "swaps labels":
            entries = {entry.id: entry for entry in _entries(exercise, task)}
            return {
                id: mark | {"label": neighbour(task, entries[id], random)}
                for id, mark in key.items()
            }
        alarms = false_alarms(exercise, task, random, round((1 - truth.skill) * 4))
        return known | alarms
    return known


@lru_cache(maxsize=16)  # asked for each learner anew
def _key(exercise: Exercise, task: Task) -> Answers:
    return right(exercise, task)


@lru_cache(maxsize=16)
def _entries(exercise: Exercise, task: Task) -> tuple[Entry, ...]:
    return exercise.entries(task)


def _share(key: Answers, skill: float, random: Random) -> Answers:
    """Keep so much of a right answer."""
    kept = set(random.sample(sorted(key), round(skill * len(key))))
    return {item: value for item, value in key.items() if item in kept}


def _file(exercise: Exercise, truth: Truth, answers: dict[str, Answers], random: Random) -> bytes:
    """Write the log that leads to these answers, as a learner's computer would."""
    log: list[Action] = []
    now = _BEGIN + timedelta(seconds=random.randint(0, 600))
    pause = (2, 12) if truth.behaviour == "hasty" else (8, 45)
    sure = random.random() >= CONTESTING

    def act(**action: object) -> None:
        nonlocal now
        now += timedelta(seconds=random.randint(*pause))
        stamp = {"id": f"{random.getrandbits(128):032x}", "at": _iso(now)}
        log.append(stamp | action)

    act(
        do="open",
        exercise=exercise.id,
        article=exercise.article.sha256,
        learner=truth.learner,
        schema=1,
    )
    for task in exercise.tasks:
        names = {item: f"m{random.getrandbits(40):010x}" for item in answers[task.id]}
        for item, value in answers[task.id].items():
            # Marks are named by the page; clauses and questions by the author.
            shown = names[item] if task.kind in ("highlight", "attribution") else item
            act(do="set", task=task.id, item=shown, value=value)
            if task.kind == "classify" and random.random() < 0.1:  # second thoughts
                act(do="set", task=task.id, item=shown, value=random.choice(task.labels))
                act(do="set", task=task.id, item=shown, value=value)
        act(do="check", task=task.id, paragraphs=list(task.paragraphs))
        if truth.behaviour == "careful" and not sure and names:
            target = random.choice(sorted(names))
            act(do="contest", task=task.id, target=target, reason=_REASON)
    return encoded(compose(exercise, truth.learner, log, 1, _iso(now + timedelta(seconds=20))))


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
