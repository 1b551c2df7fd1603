"""Figures: drawn, said in words and laid out as a table, from the same data."""

import html
import re
import sys
from datetime import date
from pathlib import Path

import pytest
from matplotlib.testing.compare import compare_images

from kit.article import Article
from kit.figures import learner
from kit.figures.agreement import agreement
from kit.figures.article_map import article_map, runs
from kit.figures.calibration import calibration
from kit.figures.chain import chain
from kit.figures.class_strip import class_strip
from kit.figures.progress import Step, progress
from kit.figures.timeline import Event, timeline
from kit.figures.voices import Voice, voices
from kit.loading import load
from kit.session import Session
from kit.simulation import right

TEXT = Article.of(
    "Un titre court\n\nLe maire parle. Une habitante répond.\n\nDemain, il pleuvra.",
    standfirst=False,
)
BASELINE = Path(__file__).parent / "figures"
DIFFERENCE = 6  # root mean square of the grey values: another matplotlib shifts a pixel


def made(lang):
    """One picture of each kind."""
    return {
        "article_map": article_map(
            TEXT, {"Sources": frozenset({3, 4}), "Mots": frozenset({0, 8})}, "Carte", lang
        ),
        "voices": voices([Voice("le maire", 2, stake=True), Voice("<b>", 1)], 11, "Voix", lang),
        "chain": chain([["Anne", "le journal"], ["Bruno"], ["Bruno"]], "Chemins", lang),
        "progress": progress([Step("r1", 0.25, 0.75), Step("r2", None, None)], "Progrès", lang),
        "calibration": calibration([(1.0, True), (1.0, False), (0.5, True)], "Confiance", lang),
        "timeline": timeline(
            [
                Event(date(2025, 3, 1), "Vote", "PV"),
                Event(date(2025, 2, 3), "Avis", "Site", told=True),
            ],
            "Dates",
            lang,
        ),
        "agreement": agreement({"exagération": 0.9, "insinuation": -0.1}, "Accord", lang),
        "class_strip": class_strip(TEXT, [3] * 5 + [0] * 6, 4, frozenset({1}), "Classe", lang),
    }


KINDS = sorted(made("fr"))


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_figure_has_words_and_a_full_table(kind, lang):
    """Nobody is left with the drawing alone."""
    picture = made(lang)[kind]
    assert len(picture.alt.split()) >= 5
    assert picture.rows
    assert {len(row) for row in picture.rows} == {len(picture.head)}


def test_each_figure_is_drawn_the_same_twice(kind):
    """The same data give the same bytes."""
    assert made("fr")[kind].svg() == made("fr")[kind].svg()


def test_drawing_leaves_the_settings_of_matplotlib_alone(kind):
    """A figure of the reader's own looks as before, and pyplot is not loaded."""
    import matplotlib

    before = dict(matplotlib.rcParams)
    made("fr")[kind].figure()
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("name", ["article_map", "chain", "progress"])
def test_a_figure_looks_as_it_did(name, tmp_path):
    """Compared with a stored picture."""
    drawn = tmp_path / f"{name}.png"
    made("fr")[name].figure().savefig(drawn, dpi=60)
    assert compare_images(BASELINE / drawn.name, drawn, tol=DIFFERENCE) is None


def test_names_are_shown_as_text():
    """A source called « <b> » is a name, not markup."""
    shown = made("fr")["voices"].html()
    assert "<b>" not in shown
    assert html.escape("<b>") in shown


def test_without_matplotlib_the_table_stands_in(monkeypatch):
    """In a browser that lacks it nothing is lost."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    shown = made("fr")["voices"].html()
    assert "<img" not in shown
    assert "<details" not in shown
    assert "le maire" in shown


def test_the_same_road_is_drawn_once():
    """Three roads of which two are equal are two."""
    assert [row[0] for row in made("fr")["chain"].rows] == ["Anne", "Bruno"]


def test_the_author_has_the_words_that_nobody_else_has():
    """Voices and author add up to the whole text."""
    assert sum(int(row[1]) for row in made("fr")["voices"].rows) == 11


def test_neighbouring_words_are_one_run():
    """A marked passage is one bar."""
    assert runs(frozenset({1, 2, 3, 7})) == [(1, 3), (7, 1)]


def test_events_stand_in_their_order():
    """Whatever order they are given in."""
    assert [row[1] for row in made("fr")["timeline"].rows] == ["Avis", "Vote"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], "Aucune confiance"),
        ([(1.0, False)] * 3, "dépasse"),
        ([(0.25, True)] * 3, "plus souvent justes"),
        ([(0.5, True), (0.5, False)], "vont ensemble"),
    ],
)
def test_calibration_says_which_way_it_leans(answers, said):
    """One sentence, by the mean distance between confidence and right answers."""
    assert said in calibration(answers, "Confiance", "fr").alt


@pytest.fixture
def session(tmp_path):
    return Session(load("openai-bid"), "ada", tmp_path)


def answer(session, *tasks):
    """Answer tasks as the key does, and check."""
    for id in tasks:
        task = session.exercise.task(id)
        for at, (item, value) in enumerate(right(session.exercise, task).items()):
            session.act({"id": f"{id}{at}", "do": "set", "task": id, "item": item, "value": value,
                         "at": "2026-01-01T00:00:00Z"})  # fmt: skip
        check = {"id": f"{id}-check", "do": "check", "at": "2026-01-01T00:00:00Z"}
        session.act(check | {"task": id, "paragraphs": list(task.paragraphs)})


def test_nothing_is_drawn_before_anything_is_marked(session):
    """A blank lesson shows no empty axes."""
    for drawn in (learner.map_of, learner.voices_of, learner.chain_of):
        assert drawn(session) is None
    assert learner.progress_of([session], "fr") is None


def test_a_learner_sees_their_own_marks(session):
    """Map, voices, roads and progress of right answers."""
    answer(session, *session.exercise.by_task)
    assert "biais" in learner.map_of(session).head
    names = [row[0] for row in learner.voices_of(session).rows]
    assert len(names) > 5
    assert any(row[2] == "2" for row in learner.chain_of(session).rows)
    shown = learner.progress_of([session], "fr")
    assert {row[1:] for row in shown.rows} == {("100\u202f%", "100\u202f%")}


def test_the_table_of_a_figure_is_a_real_table():
    """Columns and rows have heads that a screen reader names."""
    shown = made("fr")["progress"].html()
    assert len(re.findall(r'<th scope="col">', shown)) == 3
    assert len(re.findall(r'<th scope="row">', shown)) == 2
