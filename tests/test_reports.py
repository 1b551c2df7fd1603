"""Pages of results: what they say, what they leave out, and that people can read them."""

import dataclasses
import json
import re
from collections import Counter
from math import fsum
from pathlib import Path
from random import Random
from statistics import quantiles

import pytest
from axe_playwright_python.sync_playwright import Axe

from kit.demo_class import demo_class
from kit.grading import remarks
from kit.grading.grade import Bench, grade
from kit.grading.gradebook import Plan, grade_class
from kit.grading.reports import learner, notes, pages, summary
from kit.grading.reports.passages import pieces
from kit.grading.reports.tally import OfExercise, Tally
from kit.loading import load
from kit.simulation import behaviours, right, wrong
from kit.submission import compose, encoded
from tests.french import slips

ROOT = Path(__file__).parents[1]
AT = "2026-05-12T10:00:00Z"


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """Grade with the project's own exercises."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def bench():
    return Bench()


def record(exercise, answers, bench, contests=()):
    """Grade these answers: task to item to value."""
    log = [{"id": "o", "do": "open", "exercise": exercise.id, "article": exercise.article.sha256}]
    for task, items in answers.items():
        log += [
            {"id": f"{task}{item}", "do": "set", "task": task, "item": item, "value": value}
            for item, value in items.items()
        ]
    for number, (target, reason) in enumerate(contests):
        contest = {"do": "contest", "task": "bias", "target": target, "reason": reason}
        log.append({"id": f"c{number}"} | contest)
    return grade(encoded(compose(exercise, "zoé", log, 1, AT)), bench)


def row(graded, **changes):
    told = {
        "exercise": graded["exercise"],
        "learner": "zoé",
        "name": "",
        "status": graded["status"],
        "reason": " ".join(graded["reasons"]),
        "points": graded["points"],
        "max": graded["max"],
        "percent": 50.0,
        "submitted_at": AT,
        "receipt": "AAAA-BBBB",
        "file": "zoé_z0_v1.json",
        "exercise_version": "v1",
        "key_version": "k1",
        "scorer": "s1",
        "mode": "practice",
    }
    return told | changes


def page(graded, bench, lang="fr", **changes):
    template = pages.environment(lang).get_template("feedback.html")
    return template.render(
        lang=lang, **learner.page([(row(graded, **changes), graded)], bench, lang)
    )


def text_of(html):
    """The words of a page, as they are read."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("exercise", ["z0", "openai-bid"])
@pytest.mark.parametrize("way", [right, wrong, lambda exercise, task: {}])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_answer_and_every_gap_is_spoken_of(exercise, way, lang, bench):
    """As many notes as outcomes with a place, each with a head, in the order of the text."""
    loaded = bench.exercise(exercise)
    graded = record(loaded, {task.id: way(loaded, task) for task in loaded.tasks}, bench)
    for task in graded["tasks"]:
        told = notes.notes(loaded, task, lang)
        assert len(told) == sum(outcome[0] != "everything" for outcome in task["outcomes"])
        assert all(note.head and note.pieces for note in told)
        assert [note.start for note in told] == sorted(note.start for note in told)
    assert page(graded, bench, lang).count('<li class="') == sum(
        len(notes.notes(loaded, task, lang)) for task in graded["tasks"]
    )


def test_all_ways_of_marking_have_words(bench):
    """Whatever the scoring rule distinguishes is said."""
    loaded = bench.exercise("openai-bid")
    signs = set()
    for seed in range(3):
        for behave in behaviours().values():
            answers = behave(loaded, loaded.task("bias"), Random(seed))
            graded = record(loaded, {"bias": answers}, bench)
            signs |= {note.sign for note in notes.notes(loaded, graded["tasks"][2], "fr")}
            assert page(graded, bench)
    assert signs == set(pages.SIGNS) - {"kept"}  # what only questions have


def test_the_passage_is_marked_in_its_sentence(bench):
    """Joined again the pieces are the sentences of the text."""
    loaded = bench.exercise("openai-bid")
    for entry in loaded.key.entries:
        told = pieces(loaded, entry.span)
        whole = "".join(words for words, _ in told)
        assert whole in loaded.article.text.replace("\n", " ")
        marked = " … ".join(words for words, mark in told if mark)
        assert marked == loaded.article.quote(entry.span)


def test_a_supplied_text_is_quoted_and_not_reproduced(bench):
    """Pages go out to learners: the article is not the kit's to hand round."""
    loaded = dataclasses.replace(bench.exercise("openai-bid"), supplied=True)
    for entry in loaded.key.entries:
        assert pieces(loaded, entry.span) == [(loaded.article.quote(entry.span), True)]


def test_a_page_says_what_counts_and_how(bench):
    """Points, receipt, time with its clock, versions; the notice wherever the text is shown."""
    loaded = bench.exercise("openai-bid")
    graded = record(loaded, {"claims": right(loaded, loaded.task("claims"))}, bench)
    words = text_of(page(graded, bench))
    for said in ("12 points sur 30", "AAAA-BBBB", "2026-05-12 10:00:00 UTC", "clé k1"):
        assert said in words
    assert "erreurs volontaires" in words
    assert "12 points of 30" in text_of(page(graded, bench, "en"))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_page_keeps_to_the_typography_of_its_language(lang, bench):
    """Also where words are put together."""
    loaded = bench.exercise("openai-bid")
    answers = {task.id: wrong(loaded, task) for task in loaded.tasks}
    words = text_of(page(record(loaded, answers, bench), bench, lang))
    if lang == "fr":
        said = re.sub(r"[A-Z]{4}-[A-Z]{4}|2026\S*|zoé\S*|\d+:\d+:\d+", "", words)
        assert [slip for slip in slips(said) if "blank" not in slip] == []
    assert "{" not in words


def test_what_concerns_others_stays_with_the_teacher(bench):
    """No learner reads of another one, nor of a receipt that does not fit."""
    loaded = bench.exercise("z0")
    graded = record(loaded, {"claims": {"c01": "fact"}}, bench)
    private = "same_file unknown_learner learner_differs receipt_differs receipt_missing odd_time"
    plain, told = (page(graded, bench, reason=reason) for reason in ("", private))
    assert plain == told
    assert "À propos du fichier" in page(graded, bench, reason="torn_line")


def test_a_disagreement_is_shown_as_it_was_written(bench):
    """Lines kept, signs escaped, a very long one cut with a mark."""
    loaded = bench.exercise("z0")
    reasons = [("b01", "un <b>\ndeux"), ("x", "a" * 9000), ("c01", "trois")]
    graded = record(loaded, {"claims": {"c01": "fact"}}, bench, reasons)
    html = page(graded, bench)
    assert "un &lt;b&gt;\ndeux" in html
    assert "aaa… #" in html or "a […]" in html
    assert "a" * 5000 not in html


def test_a_task_of_500_marks_is_not_a_book(bench):
    """The first ones are spoken of, the others counted."""
    loaded = bench.exercise("openai-bid")
    start, end = loaded.article.words[0]
    mark = {"label": "loaded_language", "ranges": [[start, end]]}
    graded = record(loaded, {"bias": {f"m{n}": mark for n in range(400)}}, bench)
    html = page(graded, bench)
    assert html.count('<li class="wrong"') <= learner.MOST_NOTES
    assert "et 2" in text_of(html)


def test_the_report_counts_what_it_should(bench):
    """Means, quarters, hardest passages, false alarms, confusions, disagreements."""
    loaded = bench.exercise("openai-bid")
    tally = Tally()
    best = {task.id: right(loaded, task) for task in loaded.tasks}
    marked = {
        entry.id: {"label": "loaded_language", "ranges": [list(range_) for range_ in entry.span]}
        for entry in loaded.entries(loaded.task("bias"), "sound")
    }
    for answers in (best, best, {"claims": {"c01": "opinion"}, "bias": marked}):
        graded = record(loaded, answers, bench, [("b01", "parce que")])
        percent = 100 * graded["points"] / graded["max"]
        tally.add(row(graded, percent=percent), graded)
    absent = {"tasks": [], "contests": []}
    tally.add(row(graded, status="empty", reason="absent", points=None), absent)
    (part,) = summary.parts(tally, bench, "en")
    assert dict(part["statuses"]) == {"graded": 3, "nothing handed in": 1}
    claims, _, bias = part["tasks"]
    assert part["quarters"][1] == 100
    assert sum(band["count"] for band in part["bands"]) == 3
    assert bias["hardest"][0]["found"] == pytest.approx(200 / 3)
    assert all(item["share"] == pytest.approx(100 / 3) for item in bias["sound"])
    assert len(bias["sound"]) == min(len(marked), summary.MOST_LINES)
    assert claims["confusions"] == [("fact", "opinion", 1)]
    assert part["contests"][0]["reasons"] == ["parce que"] * 3
    assert "zoé" not in pages.environment("en").get_template("report.html").render(
        parts=[part], lang="en"
    )


def test_a_page_that_cannot_be_made_costs_no_other(bench, monkeypatch):
    """The marks are told, without the notes."""
    loaded = bench.exercise("z0")
    graded = record(loaded, {"claims": {"c01": "fact"}}, bench)
    monkeypatch.setattr(learner, "notes", None)
    from kit.grading.ledger import packed

    html = pages._page((bench, "fr"), ("x.html", [(row(graded), packed(graded))]))
    assert "points sur" in text_of(html)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A class of 40 with odd names, graded."""
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        demo_class(40, 2, folder / "in")
        odd = json.loads((folder / "in" / "eleve-01_openai-bid_v1.json").read_text("utf-8"))
        odd |= {"learner": "Wolfeschlegelsteinhausenbergerdorff" * 6 + "\u202ex"}
        (folder / "in" / "odd.json").write_text(json.dumps(odd), "utf-8")
        (folder / "in" / "broken.json").write_text("{")
        grade_class(Plan(folder / "in", folder / "out"))
    return folder / "out"


def three_pages(results):
    feedback = sorted((results / "feedback").glob("*.html"))
    names = ["eleve-0", "wolfe", "broken", "index"]
    chosen = [next(path for path in feedback if path.name.startswith(name)) for name in names]
    return [*chosen, results / "report.html"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1100])
def test_pages_fit_their_screen_and_axe_finds_nothing(results, width, chromium):
    """Phone and desktop: nothing scrolls sideways, nothing is hidden from assistive technology."""
    view = chromium.new_page(viewport={"width": width, "height": 800})
    for path in three_pages(results):
        view.goto(path.as_uri())
        wide = view.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path.name
        found = Axe().run(view).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path.name


@pytest.mark.browser
def test_pages_can_be_printed(results, tmp_path, chromium):
    """On paper everything is there: no scroll box cuts anything off."""
    view = chromium.new_page()
    for path in three_pages(results):
        view.goto(path.as_uri())
        data = view.pdf(path=str(tmp_path / "p.pdf"), format="A4")
        assert data.startswith(b"%PDF")
        view.emulate_media(media="print")
        clipped = view.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(
              (each) => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(each).overflowX)
                && each.scrollWidth > each.clientWidth + 1).length"""
        )
        assert clipped == 0


@pytest.mark.parametrize("count", [1, 2, 3, 4, 10, 301])
def test_quarters_are_those_of_the_whole_list(count):
    """Per cents are counted, not listed; mean and quarters come out to the last bit."""
    random = Random(count)
    percents = [round(random.uniform(0, 100), 2) for _ in range(count)] + [50.0] * (count // 3)
    here = OfExercise(percents=Counter(percents))
    wanted = quantiles(percents, method="inclusive") if count > 1 else percents * 3
    assert here.quarters() == tuple(wanted)
    assert here.mean() == fsum(percents) / len(percents)
    assert sum(here.bands()) == len(percents)


def test_loading_the_pages_is_left_to_who_makes_some():
    """Grading alone needs no templates."""
    source = (ROOT / "kit" / "grading" / "gradebook.py").read_text("utf-8")
    assert "\nfrom kit.grading.reports import pages" not in source
    assert load("z0")


def test_a_reason_nobody_worded_is_still_told():
    """A new kind of task may set something aside for a reason of its own."""
    assert "(new_code)" in remarks.why("new_code", "fr")
    assert remarks.done("new_code", "en")
