"""A simulated class is reproducible, behaves as told, and hands in what a learner would."""

import json
from collections import Counter
from pathlib import Path

import pytest

from kit import cli
from kit.demo_class import BEHAVIOURS, Truth, demo_class, hand_ins
from kit.errors import KitError
from kit.grading.handed_in import HandedIn, read
from kit.loading import load
from kit.scoring import fold

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """Simulate with the project's own exercises."""
    monkeypatch.chdir(ROOT)


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_class(tmp_path):
    """Byte for byte; another seed gives another one."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        demo_class(20, seed, tmp_path / name)
    assert files(tmp_path / "a") == files(tmp_path / "b") != files(tmp_path / "c")
    first, second = (tmp_path / f"{name}.truth.json" for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_one_file_a_learner_and_the_truth_beside(tmp_path):
    """The folder holds hand-ins alone."""
    truths = demo_class(12, 1, tmp_path / "class")
    names = [f"eleve-{number:02}_openai-bid_v1.json" for number in range(1, 13)]
    assert sorted(files(tmp_path / "class")) == names
    told = json.loads((tmp_path / "class.truth.json").read_text("utf-8"))
    assert (told["exercise"], told["seed"]) == ("openai-bid", 1)
    assert [Truth(**each) for each in told["learners"]] == truths


def test_a_smaller_class_takes_the_place_of_a_larger_one(tmp_path):
    """Nobody of the former class stays, and no other file goes."""
    demo_class(12, 1, tmp_path / "class")
    (tmp_path / "class" / "mine.json").write_text("mine")
    demo_class(3, 1, tmp_path / "class")
    assert len(files(tmp_path / "class")) == 4


@pytest.mark.parametrize("exercise", ["openai-bid", "z0"])
def test_every_answer_stands(exercise):
    """Nothing of a simulated learner is set aside: labels, places and receipts are true ones."""
    loaded = load(exercise)
    for truth, data in hand_ins(loaded, 60, 3):
        handed = read(data)
        assert isinstance(handed, HandedIn)
        assert handed.receipt_fits
        assert not handed.remarks
        assert handed.learner == truth.learner
        assert fold(loaded, handed.log).left_out == []


def test_behaviours_come_by_their_shares():
    """Each at least once where there is room."""
    count = Counter(truth.behaviour for truth, _ in hand_ins(load("z0"), 200, 4))
    assert set(count) == set(BEHAVIOURS)
    assert count["careful"] == 90
    few = Counter(truth.behaviour for truth, _ in hand_ins(load("z0"), len(BEHAVIOURS) + 1, 4))
    assert set(few) >= set(BEHAVIOURS) - {"copies a neighbour"}


def test_a_copy_is_nearly_its_neighbours():
    """The same answers but for a slip, under other ids and at other times."""
    exercise = load("openai-bid")
    answers, ids = {}, {}
    copies = 0
    for truth, data in hand_ins(exercise, 60, 3):
        handed = read(data)
        state = fold(exercise, handed.log).response
        answers[truth.learner] = {
            task.id: sorted(map(str, state.task(task.id).answers.values()))
            for task in exercise.tasks
        }
        ids[truth.learner] = {action["id"] for action in handed.log}
        if truth.copied_from:
            copies += 1
            for task, mine in answers[truth.learner].items():
                theirs = answers[truth.copied_from][task]
                assert len(mine) >= len(theirs) - 1
                assert not Counter(mine) - Counter(theirs)
            assert not ids[truth.learner] & ids[truth.copied_from]
    assert copies == 6


def test_impossible_classes_are_told(tmp_path, capsys):
    """In sentences; wrong usage is exit code 2."""
    with pytest.raises(KitError, match="demo_learners"):
        demo_class(0, 1, tmp_path / "class")
    (tmp_path / "file").write_text("x")
    with pytest.raises(KitError, match="cannot_write_results"):
        demo_class(3, 1, tmp_path / "file")
    to = str(tmp_path / "class")
    assert cli.main(["demo-class", "--learners", "3", "--seed", "1", "--to", to]) == 0
    assert "3 travaux" in capsys.readouterr().err
    command = ["demo-class", "--learners", "3", "--seed", "1", "--to", to, "--exercise", "x"]
    assert cli.main(command) == 1
    with pytest.raises(SystemExit) as raised:
        cli.main(["demo-class", "--learners", "many", "--seed", "1", "--to", to])
    assert raised.value.code == 2
