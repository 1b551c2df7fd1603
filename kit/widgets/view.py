"""What the page of a task is given to show: plain data, worded in one language, without the key."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from kit import exam
from kit.article import Article, Span
from kit.codebook import Label, Property, codebook
from kit.exercise import SPAN_PARTS, Exercise, Task
from kit.messages import say, section
from kit.scoring import LISTS

if TYPE_CHECKING:
    from kit.session import Session

KEYS = "1234567890"  # the tenth label has the key 0
ROLES = {"T": "title", "C": "standfirst"}


def view_of(session: Session, task: Task) -> dict[str, Any]:
    """Return the trait ``view`` of a task's widget (``docs/developer/widget-protocol.md``)."""
    exercise, lang = session.exercise, session.lang
    layer = codebook().layers[task.layer]
    labels = [layer.labels[label] for label in task.labels]
    view: dict[str, Any] = {
        "kind": task.kind,
        "lang": lang,
        "textLang": exercise.lang,
        "exam": session.silent(task.id),
        "id": f"{exercise.id}/{task.id}/{session.learner}",
        "learner": session.learner,
        "title": exercise.title[lang],
        "prompt": task.prompt[lang],
        "notice": exercise.notice[lang],
        "attempts": task.attempts,
        "words": section("widget", lang),
        "text": exercise.article.text,
        "paragraphs": _paragraphs(exercise.article),
        "wordBounds": [end for word in exercise.article.words for end in word],
        "labels": [_label(label, KEYS[at], lang) for at, label in enumerate(labels)],
        "asked": list(task.paragraphs),
    }
    if task.kind == "classify":
        view["clauses"] = _in_order(_clauses(exercise, task), session)
    if task.kind == "attribution":
        parts = [layer.labels[part] for part in SPAN_PARTS]
        view["parts"] = [_label(part, KEYS[at], lang) for at, part in enumerate(parts)]
        view["properties"] = [_property(each, lang) for each in codebook().properties.values()]
    if task.kind in LISTS:
        view["items"] = _items(exercise, task, lang)
    return view


def static_page(exercise: Exercise, task: Task, lang: str) -> str:
    """Return the task as plain HTML, for places in which no widget runs; everything escaped."""
    article = exercise.article
    lines = [
        f"<p>{html.escape(task.prompt[lang])}</p>",
        f"<p><small>{html.escape(exercise.notice[lang])}</small></p>",
    ]
    for name, place in article.paragraphs.items():
        role = ROLES.get(name.split(".")[-1])
        tag = {"title": "h3", "standfirst": "h4"}.get(role or "", "p")
        words = html.escape(article.text[slice(*place)].replace("\n", " "))
        number = "" if role else f"<b>{html.escape(name)}</b> "
        lines.append(f'<{tag} lang="{exercise.lang}">{number}{words}</{tag}>')
    if task.kind in LISTS:
        asked = [html.escape(item.prompt[lang]) for item in exercise.items_of(task)]
        lines += ["<ol>", *(f"<li>{prompt}</li>" for prompt in asked), "</ol>"]
    labels = [codebook().label(task.layer, label) for label in task.labels]
    lines.append("<dl>")
    for label in labels:
        name, test = html.escape(label.name[lang]), html.escape(label.test[lang])
        lines.append(f"<dt>{name}</dt><dd>{test}</dd>")
    lines += ["</dl>", f"<p>{html.escape(say('notebook.no_widget', lang))}</p>"]
    return "\n".join(lines)


def _paragraphs(article: Article) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "role": ROLES.get(name.split(".")[-1], "paragraph"),
            "start": place.start,
            "end": place.end,
            "segments": [list(s.range) for s in article.segments if s.paragraph == name],
        }
        for name, place in article.paragraphs.items()
    ]


def _clauses(exercise: Exercise, task: Task) -> list[dict[str, Any]]:
    placed = [
        {
            "id": clause.id,
            "ranges": _pairs(clause.span),
            "paragraph": exercise.article.paragraph_of(clause.span),
        }
        for clause in exercise.clauses
    ]
    return [clause for clause in placed if clause["paragraph"] in task.paragraphs]


def _items(exercise: Exercise, task: Task, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "id": item.id,
            "prompt": item.prompt[lang],
            "passage": _in_its_sentence(exercise.article, item.span),
        }
        | LISTS[task.kind].of.shown(item, lang)
        for item in exercise.items_of(task)
    ]


def _in_its_sentence(article: Article, span: Span) -> list[str]:
    """Return what stands before a passage in its sentence, the passage, and what follows."""
    if not span:
        return []
    start, end = min(span).start, max(last for _, last in span)
    first, last = article.segment_at(start).range.start, article.segment_at(end - 1).range.end
    return [article.text[first:start], article.text[start:end], article.text[end:last]]


def _in_order(clauses: list[dict[str, Any]], session: Session) -> list[dict[str, Any]]:
    """Shuffle the clauses of each paragraph where an exam asks for it; paragraphs stay in order."""
    sat = exam.around(session.exercise.folder)
    if sat is None:
        return clauses
    rank = {id: at for at, id in enumerate(sat.order([c["id"] for c in clauses], session.learner))}
    names = list(session.exercise.article.paragraphs)
    return sorted(clauses, key=lambda each: (names.index(each["paragraph"]), rank[each["id"]]))


def _pairs(span: Span) -> list[list[int]]:
    return [list(range_) for range_ in span]


def _label(label: Label, key: str, lang: str) -> dict[str, str]:
    return {
        "id": label.id,
        "key": key,
        "name": label.name[lang],
        "tag": label.tag,
        "test": label.test[lang],
        "example": label.example[lang],
        "nearMiss": label.near_miss[lang],
        "nearMissIs": label.near_miss_is[lang],
    }


def _property(property: Property, lang: str) -> dict[str, Any]:
    values = [
        {"id": id, "name": name[lang], "test": test[lang]}
        for id, (name, test) in property.values.items()
    ]
    return {
        "id": property.id,
        "name": property.name[lang],
        "question": property.question[lang],
        "values": values,
    }
