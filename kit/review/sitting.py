"""One marker at the answers of a class: what there is to decide, and what was decided.

It knows nothing of Jupyter and does not grade: the widget talks to it, and tests do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.article import Range
from kit.codebook import codebook
from kit.exercise import Exercise
from kit.messages import say
from kit.response import Action
from kit.review import accepted, agreement, rubric
from kit.review.accepted import Accepted
from kit.review.agreement import Agreement
from kit.review.contests import Contested, contested, place_of
from kit.review.marks import FILE, Book, Marks
from kit.review.results import Place, Written, open_answers, records

State = dict[str, Any]
Finder = Callable[[str], Exercise | None]  # an exercise with the author's key, None if not here

MOST_CONTEXT = 300  # signs of the sentence around a passage


class Refused(Exception):
    """An action that will never be taken; ``code`` names why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Sitting:
    """What one marker sees and does.

    Parameters
    ----------
    results : Path
        The folder that grading wrote; marks and accepted contests are kept in it.
    find : callable
        Returns an exercise with the key as its author wrote it.
    lang : {"fr", "en"}
        Of the sentences.
    """

    def __init__(self, results: Path, find: Finder, lang: str = "fr") -> None:
        self._folder, self._find, self._lang = results, find, lang
        self._marks = Marks(results / FILE)
        self.read()

    def read(self) -> None:
        """Read anew what grading wrote, and what was decided."""
        found = list(records(self._folder))
        answers = [answer for record in found for answer in open_answers(record)]
        # By question, as one marks best; in an order that gives no learner away.
        self.answers = {
            answer.id: answer
            for answer in sorted(answers, key=lambda each: (*_question(each), each.id))
        }
        self.contests = {each.id: each for each in contested(found)}
        self.learners = len(found)

    def state(self, marker: str, *, anonymous: bool = True) -> State:
        """Return all that a marker may see.

        Nothing of another marker is in it, except the answers that both have marked, once both
        have said that they are done.
        """
        book = self._marks.read()
        pairs = self._compared(book, marker)
        locked = {place for each in pairs for place in each.places}
        return {
            "marker": marker,
            "anonymous": anonymous,
            "answers": [
                self._answer(number, answer, book, marker, anonymous)
                | {"locked": answer.place in locked}
                for number, answer in enumerate(self.answers.values(), start=1)
            ],
            "bank": self._bank(book, marker),
            "done": marker in book.done,
            "markers": len(book.done),
            "agreement": [self._agreement(each, book) for each in pairs],
            "contests": self._contests(anonymous),
            "aside": book.aside,
        }

    def act(self, action: Action) -> State:
        """Put an action on disk; return what has changed.

        Raises
        ------
        OSError
            If it is not on disk.
        Refused
            If it can never be taken.
        """
        marker = str(action.get("marker") or "")
        if not marker:
            raise Refused("no_marker")
        stamp = {"id": str(action["id"]), "at": str(action.get("at") or "")}
        match action:
            case {"do": "mark", "answer": str(id), "points": int(points)}:
                return self._mark(marker, id, points, str(action.get("comment") or ""), stamp)
            case {"do": "settle", "answer": str(id), "points": int(points)}:
                return self._settle(marker, id, points, str(action.get("comment") or ""), stamp)
            case {"do": "undo"}:
                return self._undo(marker, stamp)
            case {"do": "done"}:
                self._marks.add("done", marker, **stamp)
                return {"reload": True}
            case {"do": "bank", "text": str(text)} if text.strip():
                self._marks.add("bank", marker, text=text.strip()[:200], **stamp)
                return {"bank": self._bank(self._marks.read(), marker)}
            case {"do": "accept", "contest": str(id)}:
                return self._accept(marker, id, str(action.get("note") or "").strip(), stamp)
            case {"do": "withdraw", "contest": str(id)}:
                return self._withdraw(marker, id, stamp)
        raise Refused("unknown_action")

    # --- Marks -----------------------------------------------------------------------------------

    def _mark(self, marker: str, id: str, points: int, comment: str, stamp: Action) -> State:
        answer = self._known(id, points)
        book = self._marks.read()
        if self._locked(book, marker, answer.place):
            raise Refused("compared")
        self._marks.mark(marker, answer, points, comment, **stamp)
        return {"answer": self._one(answer, marker)}

    def _settle(self, marker: str, id: str, points: int, comment: str, stamp: Action) -> State:
        answer = self._known(id, points)
        if not self._locked(self._marks.read(), marker, answer.place):
            raise Refused("not_compared")
        self._marks.mark(marker, answer, points, comment, do="settle", **stamp)
        book = self._marks.read()
        return {"agreement": [self._agreement(each, book) for each in self._compared(book, marker)]}

    def _undo(self, marker: str, stamp: Action) -> State:
        book = self._marks.read()
        last = next(reversed(book.history.get(marker, [])), None)
        if last is None:
            raise Refused("nothing_to_undo")
        if self._locked(book, marker, last.place):
            raise Refused("compared")
        self._marks.add("undo", marker, of=last.id, **stamp)
        answer = next((each for each in self.answers.values() if each.place == last.place), None)
        return {"answer": self._one(answer, marker)} if answer else {"reload": True}

    def _known(self, id: str, points: int) -> Written:
        answer = self.answers.get(id)
        if answer is None or isinstance(points, bool) or points not in rubric.LEVELS:
            raise Refused("unknown_answer")
        return answer

    def _locked(self, book: Book, marker: str, place: Place) -> bool:
        """Whether two markers have seen each other's points: what follows would not be blind."""
        return any(place in each.places for each in self._compared(book, marker))

    def _compared(self, book: Book, marker: str) -> list[Agreement]:
        places = [answer.place for answer in self.answers.values()]
        return [each for each in agreement.compared(book, places) if marker in each.markers]

    def _one(self, answer: Written, marker: str) -> State:
        mine = self._marks.read().of(answer.place, marker)
        return {
            "id": answer.id,
            "points": mine.points if mine else None,
            "comment": mine.comment if mine else "",
        }

    def _answer(
        self, number: int, answer: Written, book: Book, marker: str, anonymous: bool
    ) -> State:
        mine = book.of(answer.place, marker)
        return {
            "id": answer.id,
            "number": number,
            "learner": "" if anonymous else answer.learner,
            "group": "/".join(_question(answer)),
            "exercise": self._title(answer.exercise),
            "question": self._asked(answer),
            "passage": self._passage_of_item(answer),
            "text": answer.text,
            "rubric": rubric.OF_KIND[answer.kind],
            "points": mine.points if mine else None,
            "comment": mine.comment if mine else "",
        }

    def _bank(self, book: Book, marker: str) -> list[str]:
        ready = [say(f"review.bank.{number}", self._lang) for number in range(1, 6)]
        return [*ready, *book.bank.get(marker, [])]

    def _agreement(self, each: Agreement, book: Book) -> State:
        by_place = {answer.place: answer for answer in self.answers.values()}
        apart = []
        for place in each.apart:
            answer, settled = by_place[place], book.settled.get(place)
            apart.append(
                {
                    "id": answer.id,
                    "number": list(self.answers).index(answer.id) + 1,
                    "question": self._asked(answer),
                    "text": answer.text,
                    "points": [book.marks[place][marker].points for marker in each.markers],
                    "comments": [book.marks[place][marker].comment for marker in each.markers],
                    "settled": settled.points if settled else None,
                }
            )
        return {
            "markers": list(each.markers),
            "count": len(each.places),
            "same": each.same,
            "kappa": None if each.kappa is None else round(each.kappa, 3),
            "apart": apart,
            "settled": each.settled,
        }

    # --- Contests --------------------------------------------------------------------------------

    def _accept(self, marker: str, id: str, note: str, stamp: Action) -> State:
        contest = self.contests.get(id)
        if contest is None:
            raise Refused("unknown_contest")
        if obstacle := self._obstacle(contest):
            raise Refused(obstacle)
        accepted.accept(self._folder / accepted.FILE, marker, contest, note, **stamp)
        return {"regrade": True}

    def _withdraw(self, marker: str, id: str, stamp: Action) -> State:
        for each in accepted.read(self._folder / accepted.FILE):
            if each.contest == id:
                accepted.withdraw(self._folder / accepted.FILE, marker, each, **stamp)
                return {"regrade": True}
        raise Refused("unknown_contest")

    def _contests(self, anonymous: bool) -> list[State]:
        known = {each.contest: each for each in accepted.read(self._folder / accepted.FILE)}
        shown = [
            self._contest(each, known.pop(each.id, None), anonymous)
            for each in self.contests.values()
        ]
        # One that was accepted stays in the list, even if after a new hand-in nobody contests it.
        gone = [
            Contested(each.exercise, each.article, each.task, "", each.entry, each.answer)
            for each in known.values()
        ]
        return shown + [
            self._contest(each, old, anonymous) | {"id": old.contest}
            for each, old in zip(gone, known.values(), strict=True)
        ]

    def _contest(self, each: Contested, known: Accepted | None, anonymous: bool) -> State:
        exercise = self._find(each.exercise)
        obstacle = "" if known else self._obstacle(each)
        before, words, after = self._in_context(exercise, each)
        return {
            "id": each.id,
            "exercise": self._title(each.exercise),
            "task": self._task_name(exercise, each.task),
            "before": before,
            "words": words,
            "after": after,
            "key": self._key_says(exercise, each),
            "reasons": [
                {
                    "learner": "" if anonymous else reason.learner,
                    "words": reason.words,
                    "chosen": self._label(exercise, each.task, reason.chosen),
                }
                for reason in each.reasons
            ],
            "obstacle": say(f"review.obstacle.{obstacle}", self._lang) if obstacle else "",
            "accepted": {"who": known.who, "at": known.at, "note": known.note} if known else None,
        }

    def _obstacle(self, contest: Contested) -> str:
        """Say why a contest cannot be accepted, after those that have been; empty if it can."""
        exercise = self._find(contest.exercise)
        if exercise is None:
            return "other_text"
        before = accepted.read(self._folder / accepted.FILE)
        return accepted.obstacle(accepted.with_accepted(exercise, before), contest)

    def _in_context(self, exercise: Exercise | None, each: Contested) -> tuple[str, str, str]:
        """Return the passage and what stands around it in its sentence."""
        ranges = self._place(exercise, each) if exercise else ()
        if exercise is None or not ranges:
            return "", "", ""
        words = exercise.article.quote(ranges)
        if exercise.supplied or len(ranges) > 1:
            return "", words, ""
        (start, end) = ranges[0]
        segment = exercise.article.segment_at(start).range
        text = exercise.article.text
        before, after = text[segment.start : start], text[end : max(segment.end, end)]
        return before[-MOST_CONTEXT:], words, after[:MOST_CONTEXT]

    def _place(self, exercise: Exercise, each: Contested) -> tuple[Range, ...]:
        if each.article != exercise.article.sha256:
            return ()
        if each.entry and exercise.key:
            thing = exercise.key.by_id.get(each.entry)
            place = getattr(thing, "span", None) or getattr(thing, "place", None)
            if place:
                return tuple(place)
        ends = place_of(each.answer)
        inside = all(0 <= start < end <= len(exercise.article.text) for start, end in ends)
        return tuple(Range(*pair) for pair in ends) if inside else ()

    def _key_says(self, exercise: Exercise | None, each: Contested) -> str:
        thing = exercise.key.by_id.get(each.entry) if exercise and exercise.key else None
        if thing is None:
            return say("review.key.none", self._lang)
        label = self._label(exercise, each.task, getattr(thing, "label", None) or "")
        status = say(f"review.key.{thing.status}", self._lang)
        why = thing.why[self._lang]
        return ". ".join(part for part in (label, status) if part) + f". {why}"

    # --- Words -----------------------------------------------------------------------------------

    def _title(self, id: str) -> str:
        exercise = self._find(id)
        return exercise.title[self._lang] if exercise else id

    def _asked(self, answer: Written) -> str:
        exercise = self._find(answer.exercise)
        item = exercise.by_item.get(answer.item) if exercise else None
        return item.prompt[self._lang] if item else f"{answer.task} / {answer.item}"

    def _passage_of_item(self, answer: Written) -> str:
        exercise = self._find(answer.exercise)
        item = exercise.by_item.get(answer.item) if exercise else None
        return exercise.article.quote(item.span) if exercise and item and item.span else ""

    def _task_name(self, exercise: Exercise | None, task: str) -> str:
        found = exercise.by_task.get(task) if exercise else None
        return codebook().layers[found.layer].name[self._lang] if found else task

    def _label(self, exercise: Exercise | None, task: str, label: str) -> str:
        found = exercise.by_task.get(task) if exercise else None
        known = codebook().layers.get(found.layer) if found else None
        return known.labels[label].name[self._lang] if known and label in known.labels else ""


def _question(answer: Written) -> tuple[str, str, str]:
    return answer.exercise, answer.task, answer.item
