"""What a learner did is kept line by line: nothing is rewritten, and only a torn end is lost."""

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.course import pseudonym
from kit.response import Log, Rejected, TaskState, parse, set_aside
from kit.scoring import fold

TASK = "bias"


def action(do, id="1", task=TASK, **rest):
    return {"id": id, "at": "2026-01-01T00:00:00Z", "do": do, "task": task} | rest


def mark(exercise, item="m1", words=(0, 2), id="1"):
    start, end = (exercise.article.words[word] for word in words)
    value = {"label": "exaggeration", "ranges": [[start.start, end.end]]}
    return action("set", id, item=item, value=value)


def opening(exercise, /, **other):
    about = {"exercise": exercise.id, "article": exercise.article.sha256}
    return {"id": "open", "do": "open"} | about | other


def state_after(exercise, *actions):
    return fold(exercise, [opening(exercise), *actions]).response.task(TASK)


def as_lines(actions):
    return b"".join(json.dumps(each).encode() + b"\n" for each in actions)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("zoé_12", "zoé_12"),
        ("  Zoé   B.  ", "Zoé B"),
        ("../../etc/passwd", "etc passwd"),
        ("a/b\\c:d", "a b c d"),
        ("e\u0301te\u0301", "été"),
        (".cache", "cache"),
        ("x" * 90, "x" * 40),
        ("un\nnom", "un nom"),
    ],
)
def test_pseudonym(given, kept):
    """A pseudonym keeps letters, digits and a few signs."""
    assert pseudonym(given) == kept


@pytest.mark.parametrize("given", ["", "  ", "../..", "👩🏫", "- _ -"])
def test_no_pseudonym(given):
    """Without a letter or a digit there is no name."""
    assert pseudonym(given) is None


@given(st.text())
def test_a_pseudonym_stays_in_its_folder(given):
    """No pseudonym reaches out of the folder of answers."""
    name = pseudonym(given)
    if name is not None:
        assert Path("reponses", name).resolve().parent == Path("reponses").resolve()
        assert pseudonym(name) == name


def test_an_action_is_on_disk_when_append_returns(tmp_path):
    """Each action is one line of JSON, added at the end."""
    log = Log(tmp_path / "zoe" / "halle.jsonl")
    log.append({"id": "1", "reason": "déjà « vu »\nlà"})
    log.append({"id": "2"})
    assert [json.loads(line)["id"] for line in log.lines()] == ["1", "2"]
    assert log.path.read_bytes().endswith(b"\n")


def test_half_an_emoji_is_kept_as_a_question_mark(tmp_path):
    """Half a sign is no reason to lose an answer."""
    log = Log(tmp_path / "log.jsonl")
    log.append({"id": "1", "reason": "bof \ud83d"})
    assert json.loads(*log.lines())["reason"] == "bof ?"


def test_a_log_that_is_not_there_is_empty(tmp_path):
    """Before the first action there is nothing to read."""
    assert list(Log(tmp_path / "none.jsonl").lines()) == []


def test_a_torn_last_line_costs_only_itself(tmp_path):
    """After a crash in mid-line the next action begins on a new one."""
    log = Log(tmp_path / "log.jsonl")
    log.append({"id": "1"})
    with log.path.open("ab") as file:
        file.write(b'{"id": "2", "do": "se')
    log.append({"id": "3"})
    actions, rejected = parse(log.lines())
    assert [each["id"] for each in actions] == ["1", "3"]
    assert rejected == [Rejected(b'{"id": "2", "do": "se', "not_json")]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_leaves_nothing_of_the_line(tmp_path, monkeypatch, number):
    """An action that cannot be written whole is not written at all."""
    log = Log(tmp_path / "log.jsonl")
    log.append({"id": "1"})
    before = log.path.read_bytes()

    def fail(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        log.append({"id": "2"})
    assert log.path.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_device_that_is_full(tmp_path):
    """A write that fails is told as such."""
    (tmp_path / "log.jsonl").symlink_to("/dev/full")
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        Log(tmp_path / "log.jsonl").append({"id": "1"})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\xff\xfe garbage", "not_json"),
        (b'{"id": ', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'"a string"', "not_an_action"),
        (b"[1, 2]", "not_an_action"),
        (b'{"do": "set"}', "not_an_action"),
        (b'{"id": 7, "do": "set"}', "not_an_action"),
    ],
)
def test_garbage_in_the_middle(line, reason):
    """A line that is no action is passed over and kept."""
    actions, rejected = parse([b'{"id": "1"}', line, b'{"id": "2"}'])
    assert [each["id"] for each in actions] == ["1", "2"]
    assert rejected == [Rejected(line, reason)]


def test_the_same_action_twice_counts_once():
    """An action that was sent again is not a second one."""
    actions, rejected = parse([b'{"id": "1", "do": "x"}', b'{"do": "x", "id": "1"}'])
    assert len(actions) == 1
    assert not rejected


def test_the_same_id_for_something_else_is_put_aside():
    """Of two actions with one id the first stands."""
    actions, rejected = parse([b'{"id": "1", "do": "x"}', b'{"id": "1", "do": "y"}'])
    assert [each["do"] for each in actions] == ["x"]
    assert [each.reason for each in rejected] == ["same_id"]


def test_lines_put_aside_are_copied_with_their_reason(tmp_path):
    """Unusable lines are copied beside the log, which keeps them."""
    log = Log(tmp_path / "halle.jsonl")
    log.path.write_bytes(b"garbage\n")
    aside = set_aside(log.path, parse(log.lines())[1])
    assert aside.read_bytes() == b"not_json\tgarbage\n"
    assert log.path.read_bytes() == b"garbage\n"
    assert set_aside(log.path, []) is None


def test_answers_are_the_last_ones_set(halle):
    """A later answer replaces the earlier one."""
    one, two = mark(halle), mark(halle, words=(3, 4), id="2")
    assert state_after(halle, one, two).answers == {"m1": two["value"]}
    gone = action("set", "3", item="m1", value=None)
    assert state_after(halle, one, two, gone).answers == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": {"label": "exaggeration", "ranges": [[0, 99_999]]}}, "outside_text"),
        ({"value": {"label": "exaggeration", "ranges": [[-1, 5]]}}, "outside_text"),
        ({"value": {"label": "exaggeration", "ranges": [[5, 5]]}}, "outside_text"),
        ({"value": {"label": "exaggeration", "ranges": []}}, "outside_text"),
        ({"value": {"label": "exaggeration", "ranges": [[0, 1.5]]}}, "outside_text"),
        ({"value": {"label": "fact", "ranges": [[0, 5]]}}, "unknown_label"),
        ({"value": "x"}, "unknown_label"),
        ({"task": "unknown"}, "unknown_task"),
        ({"task": "claims", "item": "c9", "value": "fact"}, "unknown_item"),
        ({"task": "claims", "item": "c1", "value": "labelling"}, "unknown_label"),
        ({"task": "sources", "value": {"kind": "person"}}, "not_an_attribution"),
        ({"task": "sources", "value": {"source": [[0, 99_999]]}}, "outside_text"),
        ({"task": "sources", "value": {"source": [[0, 5]], "mode": "loud"}}, "unknown_value"),
        ({"do": "unknown"}, "unknown_action"),
        ({"do": "check", "paragraphs": "1"}, "unknown_action"),
        ({"do": "hint", "paragraph": "1", "target": "b1", "rung": 9}, "unknown_action"),
        ({"do": "contest", "target": "b1"}, "unknown_action"),
    ],
)
def test_an_answer_that_cannot_stand_is_left_out_with_its_reason(halle, change, reason):
    """An answer that cannot stand is put aside alone."""
    good, bad = mark(halle), mark(halle, "m2", id="2") | change
    folded = fold(halle, [opening(halle), good, bad])
    assert folded.left_out == [(bad, reason)]
    assert folded.response.task(TASK).answers == {"m1": good["value"]}


def test_another_exercise_is_left_out(halle):
    """Actions under another exercise's name are not applied."""
    folded = fold(halle, [opening(halle, exercise="z0"), mark(halle)])
    assert [reason for _, reason in folded.left_out] == ["other_exercise", "other_exercise"]
    assert not folded.response.tasks


def test_another_text_is_left_out(halle):
    """Actions on another copy of the text are not applied."""
    other = opening(halle, article="0" * 64)
    again = opening(halle, id="again")
    folded = fold(halle, [other, mark(halle), again, mark(halle, id="2")])
    assert [reason for _, reason in folded.left_out] == ["other_article"]
    assert folded.response.task(TASK).answers


def test_before_an_opening_nothing_counts(halle):
    """A log without its first line says nothing of this text."""
    assert fold(halle, [mark(halle)]).left_out == [(mark(halle), "other_exercise")]


def test_tries_are_counted_by_paragraph(halle):
    """A check counts in the paragraphs it was about."""
    state = state_after(
        halle, action("check", "1", paragraphs=["T", "1"]), action("check", "2", paragraphs=["1"])
    )
    assert (state.tries("T"), state.tries("1"), state.tries("2")) == (1, 2, 0)


@pytest.mark.parametrize(
    "reveal",
    [
        action("hint", "r", paragraph="T", target="b1", rung=3),
        action("model", "r", paragraphs=["T"]),
    ],
    ids=["hint 3", "model"],
)
def test_the_last_check_before_a_reveal_counts(halle, reveal):
    """What is copied from the solution does not count."""
    check = {"paragraphs": ["T"]}
    one, two = mark(halle, words=(0, 0)), mark(halle, words=(0, 1), id="3")
    state = state_after(
        halle, one, action("check", "2", **check), two, action("check", "4", **check), reveal
    )
    assert state.counted["T"] == {"m1": two["value"]}
    assert state.first["T"] == {"m1": one["value"]}
    after = state_after(
        halle, one, action("check", "2", **check), reveal, two, action("check", "4", **check)
    )
    assert after.counted["T"] == {"m1": one["value"]}


def test_without_a_check_what_stood_there_counts(halle):
    """Without a check, the marks at the reveal count."""
    state = state_after(
        halle, mark(halle), action("model", "2", paragraphs=["T"]), mark(halle, "m2", id="3")
    )
    assert list(state.counted["T"]) == ["m1"]


@pytest.mark.parametrize("rung", [1, 2])
def test_the_first_hints_reveal_nothing(halle, rung):
    """Hints 1 and 2 are noted, and tries after them count."""
    state = state_after(halle, action("hint", paragraph="T", target="b1", rung=rung))
    assert state.hints == [("T", "b1", rung)]
    assert not state.revealed("T")


def test_a_contest_keeps_its_reason(halle):
    """A learner may disagree and say why; the last reason stands."""
    state = state_after(
        halle,
        action("contest", "1", target="b1", reason="parce que"),
        action("contest", "2", target="b1", reason="non"),
    )
    assert state.contests == {"b1": "non"}


def test_handing_in_and_taking_back(halle):
    """A hand-in closes its task until it is taken back."""
    folded = fold(halle, [opening(halle), action("hand_in", "1"), action("take_back", "2")])
    assert (folded.response.task(TASK).handed_in, folded.response.submissions) == (None, 1)
    folded.apply(action("hand_in", "3", receipt="AB"))
    assert folded.response.task(TASK).handed_in["receipt"] == "AB"
    assert folded.response.submissions == 2


def test_a_blank_task_has_a_state(halle):
    """A task in which nothing was done is blank."""
    assert fold(halle).response.task(TASK) == TaskState()


def test_the_fold_in_two_steps_is_the_fold(halle):
    """Going on with a fold gives what reading the whole log gives."""
    actions = [opening(halle), mark(halle), action("check", "2", paragraphs=["T"])]
    halfway = fold(halle, actions[:2])
    halfway.apply(actions[2])
    assert halfway.response == fold(halle, actions).response


# A learner's day: any actions in any order, most of them sensible.
paragraphs = st.lists(st.sampled_from(["T", "C", "1", "2", "9"]), max_size=2)
steps = st.one_of(
    st.builds(
        lambda item, start, length: {
            "do": "set",
            "item": item,
            "value": {"label": "exaggeration", "ranges": [[start, start + length]]},
        },
        st.sampled_from("abc"),
        st.integers(-2, 700),
        st.integers(0, 40),
    ),
    st.builds(lambda item: {"do": "set", "item": item, "value": None}, st.sampled_from("abc")),
    st.builds(lambda names: {"do": "check", "paragraphs": names}, paragraphs),
    st.builds(lambda names: {"do": "model", "paragraphs": names}, paragraphs),
    st.sampled_from([{"do": "hand_in"}, {"do": "take_back"}]),
)
days = st.lists(steps, max_size=12).map(
    lambda day: [{"id": str(at), "task": TASK} | step for at, step in enumerate(day)]
)


@given(days, st.data())
def test_any_beginning_of_a_log_loses_at_most_its_last_line(halle, day, data):
    """A log cut off anywhere loses at most one line."""
    whole = as_lines([opening(halle), *day])
    cut = data.draw(st.integers(0, len(whole)))
    actions, rejected = parse(filter(bytes.strip, whole[:cut].split(b"\n")))
    complete = whole[:cut].count(b"\n")
    assert complete <= len(actions) <= complete + 1
    assert len(rejected) <= 1
    assert actions == [opening(halle), *day][: len(actions)]


@given(days)
def test_replaying_a_log_twice_changes_nothing(halle, day):
    """Every line sent a second time is recognised and counts once."""
    lines = as_lines([opening(halle), *day]).splitlines()
    once, twice = parse(lines)[0], parse(lines * 2)[0]
    assert fold(halle, once).response == fold(halle, twice).response


@given(days)
def test_a_checked_answer_is_not_changed_by_what_follows(halle, day):
    """What was checked stays as it was checked."""
    folded = fold(halle, [opening(halle)])
    for step in day:
        before = [json.dumps(check.answers) for check in folded.response.task(TASK).checks]
        folded.apply(step)
        after = [json.dumps(check.answers) for check in folded.response.task(TASK).checks]
        assert after[: len(before)] == before


PARTS = st.sampled_from(["label", "ranges", "source", "cue", "content", "kind", "mode"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(PARTS, below),
    max_leaves=5,
)
FIELDS = ("do", "task", "item", "value", "paragraphs", "paragraph", "target", "rung", "exercise")


@given(st.dictionaries(st.sampled_from(FIELDS), json_values), st.sampled_from(["bias", "sources"]))
def test_no_action_makes_the_fold_crash(halle, fields, task):
    """Whatever a log holds, it is applied or left out with a reason."""
    for do in ("set", "check", "hint", "model", "contest", "hand_in", "open", "take_back"):
        folded = fold(halle, [opening(halle)])
        given = {"id": "1", "do": do, "task": task} | fields
        folded.apply(given)
        assert [left for left, reason in folded.left_out if not reason or left is not given] == []
