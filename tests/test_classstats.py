"""A class in figures: small classes made by hand, where each number can be reckoned on paper."""

from collections import Counter
from pathlib import Path
from random import Random
from statistics import correlation

import pytest

from kit.classstats import board, calibration, verdicts
from kit.classstats.against_key import alarms, confusion, false_alarms_each
from kit.classstats.items import FEWEST, interval, items, with_the_rest
from kit.classstats.marking import heat, labels_of, marking
from kit.classstats.passages import disputed, divided, passages
from kit.demo_class import hand_ins
from kit.grading.grade import Bench, grade
from kit.loading import load
from kit.simulation import everything, right
from kit.submission import compose, encoded

ROOT = Path(__file__).parents[1]
AT = "2026-05-12T10:00:00Z"


def handed_in(exercise, answers, learner="zoé", version=1):
    """The bytes of a hand-in with these answers: task to item to value."""
    log = [{"id": "o", "do": "open", "exercise": exercise.id, "article": exercise.article.sha256}]
    for task, given in answers.items():
        log += [
            {"id": f"{task}{item}", "do": "set", "task": task, "item": item, "value": value}
            for item, value in given.items()
        ]
    return encoded(compose(exercise, learner, log, version, AT))


class Class:
    """A class at one task of *halle*: what each learner answered, graded as the kit grades."""

    def __init__(self, exercise, task, *learners):
        self.exercise, self.task = exercise, exercise.task(task)
        self.records = [
            grade(handed_in(exercise, {task: given}, f"e{number}"), Bench())
            for number, given in enumerate(learners)
        ]
        self.parts = board.answered(self.task, self.records)
        self.markings = [marking(exercise, self.task, part["answers"]) for part in self.parts]

    def word(self, quote):
        """The number of the word at which a quote begins."""
        article = self.exercise.article
        start = article.text.index(quote)
        return next(at for at, word in enumerate(article.words) if word.start >= start)

    def heat(self):
        return heat(self.exercise, labels_of(self.task), self.markings)

    def passages(self):
        return passages(self.exercise, self.task, self.markings)

    def quotes(self, found):
        article = self.exercise.article
        words = [(article.words[each.words[0]], article.words[each.words[-1]]) for each in found]
        return [article.text[first.start : last.end] for first, last in words]


@pytest.fixture(autouse=True)
def in_the_course(course):
    """Grade with *halle* alone."""


def mark(exercise, quote, label="loaded_language"):
    start = exercise.article.text.index(quote)
    return {"label": label, "ranges": [[start, start + len(quote)]]}


def test_heat_counts_learners_by_word_and_label(halle):
    """Three learners, two labels, marks of other lengths: each word has its own count."""
    group = Class(
        halle,
        "bias",
        {"a": mark(halle, "toute la ville", "exaggeration")},
        {"a": mark(halle, "toute la ville exulte", "exaggeration")},
        {"a": mark(halle, "exulte")},
    )
    counts, at = group.heat(), group.word("toute")
    assert counts[""][at - 1 : at + 5] == [0, 2, 2, 2, 2, 0]
    assert counts["exaggeration"][at : at + 4] == [2, 2, 2, 1]
    assert counts["loaded_language"][at : at + 4] == [0, 0, 0, 1]


def test_heat_counts_a_learner_once(halle):
    """Two marks of one learner on a word are one learner."""
    twice = {"a": mark(halle, "exulte"), "b": mark(halle, "ville exulte", "exaggeration")}
    group = Class(halle, "bias", twice)
    assert max(group.heat()[""]) == 1


def test_heat_of_an_attribution_is_by_part(halle):
    """Source, cue and content each have their own words."""
    group = Class(halle, "sources", right(halle, halle.task("sources")))
    counts = group.heat()
    assert counts["cue"][group.word("affirme")] == 1
    assert counts["source"][group.word("la maire, Lise Roy")] == 1
    assert counts["content"][group.word("affirme")] == 0


def test_who_did_not_answer_is_in_no_count(halle):
    """A blank task makes nobody look careful."""
    group = Class(halle, "bias", {"a": mark(halle, "exulte")}, {})
    shown = board.figures(halle, group.task, group.records)
    assert (shown["handedIn"], shown["learners"]) == (2, 1)


@pytest.mark.parametrize(
    ("counts", "share"),
    [([4, 0], 0.0), ([2, 2], 2 / 3), ([1, 1], 1.0), ([1, 1, 1], 1.0), ([1], None), ([], None)],
)
def test_division_is_the_share_of_pairs_that_differ(counts, share):
    """Of two and two, four pairs of six differ; one learner alone agrees with nobody."""
    assert divided(counts) == (share if share is None else pytest.approx(share))


def test_a_passage_is_what_the_same_learners_marked(halle):
    """Ends that differ by a word make no new passage; words that others marked do."""
    group = Class(
        halle,
        "bias",
        {"a": mark(halle, "toute la ville", "exaggeration")},
        {"a": mark(halle, "toute la ville", "exaggeration")},
        {"a": mark(halle, "la ville", "exaggeration"), "b": mark(halle, "un gouffre")},
    )
    found = group.passages()
    assert group.quotes(found) == ["toute la ville", "un gouffre"]
    assert [each.marked for each in found] == [3, 1]
    assert [each.nothing for each in found] == [0, 2]


def test_marking_everything_makes_no_passage_of_its_own(halle):
    """One of twelve who marks all does not hide the passage that six marked."""
    task = halle.task("bias")
    six = [{"a": mark(halle, "un gouffre")} for _ in range(6)]
    others = [{"a": mark(halle, "exulte")} for _ in range(5)]
    group = Class(halle, "bias", *six, *others, everything(halle, task.labels[:1]))
    assert group.quotes(group.passages()) == ["exulte", "un gouffre"]


def test_the_most_disputed_come_first(halle):
    """Half and half before one against three; where all agree there is nothing to talk about."""
    group = Class(
        halle,
        "bias",
        {"a": mark(halle, "un gouffre"), "b": mark(halle, "exulte"), "c": mark(halle, "bouder")},
        {"a": mark(halle, "un gouffre"), "b": mark(halle, "exulte")},
        {"a": mark(halle, "un gouffre")},
        {"a": mark(halle, "un gouffre")},
    )
    talk = disputed(halle.article, group.task, group.passages())
    assert group.quotes(talk) == ["exulte", "bouder"]


def test_labels_that_differ_are_a_dispute(halle):
    """All marked it, two as one thing and two as another."""
    marks = [mark(halle, "un gouffre", label) for label in ("exaggeration", "loaded_language") * 2]
    group = Class(halle, "bias", *({"a": each} for each in marks))
    (passage,) = disputed(halle.article, group.task, group.passages())
    assert passage.split == {"loaded_language": 2, "exaggeration": 2}
    assert passage.divided == pytest.approx(2 / 3)


def test_five_passages_at_most(halle):
    """A lesson has room for five."""
    words = ["exulte", "toit neuf", "gouffre", "sûr", "bouder", "murmure", "fête", "proches"]
    marks = {str(at): mark(halle, word) for at, word in enumerate(words)}
    group = Class(halle, "bias", marks, {"a": mark(halle, "Valmont")})
    assert len(group.passages()) == 9
    assert len(disputed(halle.article, group.task, group.passages())) == 5


def test_clauses_are_passages_of_those_who_answered(halle):
    """Whoever left a clause out takes no side."""
    group = Class(halle, "claims", {"c1": "fact", "c2": "fact"}, {"c1": "opinion"})
    first, second, *_ = group.passages()
    assert (first.split, first.nothing, first.divided) == ({"fact": 1, "opinion": 1}, 0, 1.0)
    assert (second.split, second.divided) == ({"fact": 1}, None)


def test_clauses_show_how_many_chose_the_same(halle):
    """Everybody labels every clause: what tells is how many chose the label most chosen."""
    group = Class(halle, "claims", {"c1": "fact"}, {"c1": "fact"}, {"c1": "opinion"})
    shown = board.figures(halle, group.task, group.records)
    assert shown["heat"][""][group.word("La halle de Valmont rouvre")] == 2


def test_one_sentence_is_one_dispute_of_sources(halle):
    """Source, cue and content of a sentence are talked about together."""
    all_of_it = right(halle, halle.task("sources"))
    one = {"a1": all_of_it["a1"]}
    group = Class(halle, "sources", all_of_it, one, one)
    talk = disputed(halle.article, group.task, group.passages())
    names = [halle.article.segment_at(halle.article.words[p.words[0]].start).name for p in talk]
    assert sorted(names) == ["1d", "2a", "2c"]


def cells(group):
    return confusion(group.exercise, group.task, group.parts, group.markings)


def test_confusion_of_labels_on_passages(halle):
    """Right, mistaken for another, and not marked at all."""
    group = Class(
        halle,
        "bias",
        {"a": mark(halle, "toute la ville", "exaggeration")},
        {"a": mark(halle, "toute la ville", "loaded_language")},
        {"a": mark(halle, "des proches du dossier", "vague_attribution")},
    )
    found = cells(group)
    assert found["exaggeration", "exaggeration"] == 1
    assert found["exaggeration", "loaded_language"] == 1
    assert found["exaggeration", ""] == 1
    assert found["vague_attribution", ""] == 2


def test_confusion_of_labels_on_clauses(halle):
    """A second label that the key accepts is no confusion."""
    found = cells(Class(halle, "claims", {"c1": "opinion", "c4": "fact"}))
    assert found["fact", "opinion"] == 1
    assert found["prediction", "prediction"] == 1
    assert found["reported", ""] == 1
    assert sum(found.values()) == 4


def test_confusion_of_the_parts_of_an_attribution(halle):
    """The speaker taken for the words that introduce."""
    place = right(halle, halle.task("sources"))["a1"]["source"]
    found = cells(Class(halle, "sources", {"x": {"cue": place}}))
    assert found["source", "cue"] == 1
    assert found["cue", ""] == 4  # "affirme", "ajoute", "Selon", "Il se murmure"


def test_a_sound_passage_is_accused_once_by_a_learner(halle):
    """Two marks on it are one learner; the mean counts marks."""
    group = Class(
        halle,
        "bias",
        {"a": mark(halle, "le samedi"), "b": mark(halle, "4 mai 2024")},
        {"a": mark(halle, "le samedi 4 mai 2024"), "b": mark(halle, "toit neuf")},
        {"a": mark(halle, "toute la ville", "exaggeration")},
    )
    assert alarms(group.parts) == {"s1": 2}
    assert false_alarms_each(group.parts) == pytest.approx(4 / 3)
    assert false_alarms_each([]) == 0.0


def test_difficulty_is_the_share_who_had_it_right(halle):
    """A neighbouring label is not right; an accepted one is."""
    group = Class(
        halle, "claims", {"c1": "fact", "c4": "fact"}, {"c1": "opinion", "c4": "prediction"}
    )
    found = {item.id: item.difficulty for item in items(halle, group.task, group.parts)}
    assert found == {"k-c1": 0.5, "k-c2": 0.0, "k-c3": 0.0, "k-c4": 1.0}


def test_discrimination_is_the_correlation_with_the_rest(halle):
    """As reckoned by the standard library from the same answers."""
    good = right(halle, halle.task("claims"))
    draw = Random(4)
    answers = [
        {clause: label for clause, label in good.items() if draw.random() < number / 20}
        | {"c1": "fact"}
        for number in range(1, 21)
    ]
    group = Class(halle, "claims", *answers)
    first, second, *_ = items(halle, group.task, group.parts)
    got = [["c2" in each for each in answers], [len(each) - ("c2" in each) for each in answers]]
    assert second.discrimination == pytest.approx(correlation(*got))
    assert second.low < second.discrimination < second.high
    assert first.discrimination is None  # all had it right: nothing varies


def test_too_few_learners_have_no_discrimination(halle):
    """Below the threshold nothing is told, at the threshold it is."""
    good = right(halle, halle.task("claims"))
    few = [good, *[{"c1": "opinion", "c2": "opinion"}] * (FEWEST - 2)]
    told = []
    for learners in (few, [*few, good]):
        group = Class(halle, "claims", *learners)
        told.append(items(halle, group.task, group.parts)[1].discrimination)
    assert told[0] is None
    assert told[1] == pytest.approx(1.0)


def test_the_interval_narrows_with_the_class():
    """Fisher's own numbers for ten and for a hundred; it never leaves −1 to 1."""
    assert interval(0.5, 10) == pytest.approx((-0.19, 0.86), abs=0.01)
    assert interval(0.5, 100) == pytest.approx((0.34, 0.63), abs=0.01)
    assert -1 < interval(1.0, 10)[0] <= interval(1.0, 10)[1] <= 1
    assert with_the_rest([True], [1]) is None
    assert with_the_rest([True, True], [1, 2]) is None


def test_the_interval_holds_the_true_value_where_it_should():
    """On simulated classes of 15, more than 92 times of 100."""
    draw = Random(1)

    def answers(learners):
        skill = [draw.gauss(0, 1) for _ in range(learners)]
        return [each + draw.gauss(0, 1) > 0.6 for each in skill], [
            round(3 * each + 2 * draw.gauss(0, 1)) for each in skill
        ]

    true = with_the_rest(*answers(50_000))
    held = [
        low <= true <= high
        for found in (with_the_rest(*answers(15)) for _ in range(1000))
        if found is not None
        for low, high in [interval(found, 15)]
    ]
    assert sum(held) / len(held) > 0.92


def test_calibration_is_told_only_where_confidence_was_asked(halle):
    """Nothing without it; by confidence where there is some."""
    group = Class(halle, "bias", {"a": mark(halle, "exulte")})
    assert list(calibration.given(group.parts)) == []
    sure = {
        "answers": {"a": {"confidence": 90}, "b": {"confidence": 90}, "c": {"confidence": True}},
        "outcomes": [["exact", "1", 1.0, "k", "a", None], ["near", "1", 0.6, "l", "b", None]],
    }
    (point,) = calibration.points(calibration.given([sure]))
    assert (point.confidence, point.answers, point.right) == (0.9, 2, 1)


def test_verdicts_are_shown_as_labels_of_their_passages(monkeypatch):
    """Split, right answers and confidence of statements, as of clauses."""
    monkeypatch.chdir(ROOT)
    exercise = load("openai-verif")
    records = [grade(data, Bench()) for _, data in hand_ins(exercise, 12, 1)]
    task = exercise.task("verdicts")
    given = [part["answers"] for part in board.answered(task, records)]
    seen, asked = verdicts.as_clauses(exercise, task)
    shown = board.figures(seen, asked, records)
    first = exercise.items_of(task)[0].id
    chosen = Counter(each[first]["verdict"] for each in given if first in each)
    passage = shown["passages"][0]
    assert passage["split"] == dict(chosen)
    assert exercise.article.quote(exercise.items_of(task)[0].span).startswith(passage["quote"][:20])
    told = board.against(seen, asked, records, "fr")
    item = next(each for each in told["items"] if each["id"] == first)
    assert item["right"] == chosen[exercise.answer(first).value["verdict"]]
    sure = sum("confidence" in answer for each in given for answer in each.values())
    assert sum(point["answers"] for point in told["calibration"]) == sure > 0
    assert {label["id"] for label in board.labels(asked, "fr")} == set(asked.labels)
    assert all(each["name"] for each in told["key"])


def test_the_page_gets_the_whole_text_in_words(halle):
    """Put together again, paragraphs and words are those of the article."""
    paragraphs = board.text_of(halle, halle.task("words"))
    article = halle.article
    for paragraph in paragraphs:
        text = article.text[slice(*article.paragraphs[paragraph["name"]])].replace("\n", " ")
        assert "".join(paragraph["pieces"]) == text
        words = [article.text[slice(*word)] for word in article.words]
        inside = paragraph["pieces"][1::2]
        assert inside == words[paragraph["first"] : paragraph["first"] + len(inside)]
    asked = [paragraph["name"] for paragraph in paragraphs if paragraph["asked"]]
    assert asked == ["T", "C", "1"]


@pytest.mark.parametrize("task", ["claims", "sources", "bias"])
def test_nothing_of_the_key_without_asking(halle, task):
    """The figures of a class hold no word of the key, nor an id of it."""
    group = Class(halle, task, right(halle, halle.task(task)), {})
    shown = str(board.figures(halle, group.task, group.records))
    for thing in halle.key.by_id.values():
        assert thing.why["fr"] not in shown
        assert f"'{thing.id}'" not in shown


def test_the_class_against_the_key(halle):
    """Each entry has its status, its words and its reason; the matrix ends with nothing chosen."""
    group = Class(halle, "bias", right(halle, halle.task("bias")))
    told = board.against(halle, group.task, group.records, "fr")
    assert [each["id"] for each in told["key"]][:3] == ["b1", "s1", "b2"]
    assert {each["status"] for each in told["key"]} == {"core", "debated", "sound"}
    assert told["key"][2]["quote"] == "un gouffre … sans fond"
    matrix = told["confusion"]
    assert matrix["columns"][-1] == ""
    for number, label in enumerate(matrix["rows"]):
        assert matrix["counts"][number][matrix["columns"].index(label)] == 1
        assert sum(matrix["counts"][number]) == 1
