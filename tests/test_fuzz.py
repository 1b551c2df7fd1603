"""Hand-ins spoilt at random, or cut anywhere, are graded or refused: nothing raises."""

import os
import traceback
from pathlib import Path

import pytest

from benchmarks.fuzz import STATUSES, campaign, check, seeds
from kit.grading.grade import Bench

ROOT = Path(__file__).parents[1]
ROUNDS = int(os.environ.get("KIT_FUZZ_ROUNDS", "3000"))  # 20 minutes: python -m benchmarks.fuzz


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """Grade with the project's own exercises."""
    monkeypatch.chdir(ROOT)


def test_a_seeded_campaign_finds_nothing():
    """Bytes, structure and zips: a record and a page for each, and every status is met."""
    report = campaign(7, rounds=ROUNDS)
    assert [trace for trace, _ in report.failures] == []
    assert set(report.statuses) == STATUSES
    assert len(report.reasons) > 20
    assert report.slowest < 10


@pytest.mark.parametrize("number", [1, 2], ids=["submission", "log"])
def test_a_hand_in_cut_at_every_place(number):
    """A torn download, a full disk: told, never raised."""
    data, bench = seeds()[number], Bench()
    found = set()
    for end in range(0, len(data), 3):
        try:
            record = check(data[:end], bench)
        except Exception:
            pytest.fail(f"cut at {end}: {traceback.format_exc()}")
        found |= set(record["reasons"])
    assert found <= {"empty_file", "not_json", "not_utf8", "from_log", "torn_line", "no_exercise"}
