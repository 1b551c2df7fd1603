"""Hand-ins spoilt at random, graded: no crash, a record for each. `python -m benchmarks.fuzz`."""

import argparse
import json
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kit.demo_class import hand_ins
from kit.grading.archives import Refusal
from kit.grading.collect import collect
from kit.grading.grade import Bench, grade
from kit.grading.gradebook import Plan, grade_class
from kit.grading.ledger import packed, unpacked
from kit.grading.reports import learner, pages
from kit.loading import load

STATUSES = {"graded", "partial", "empty", "refused"}
ODD = [None, True, False, 0, -1, 1.0, 1e308, 2**40, "", "x", "\ud800", "\0", "\u202e", "<b>"]
ODD += [[], {}, [[]], [[0, 1]], [[1, 0]], [[0, 10**6]], {"a": {}}, "=1+1", "é" * 300]
ODD += [["set"], {"do": "set"}]
WORDS = [b"\0", b"\xff", b"\\ud800", b"\\u0000", b"NaN", b"1e999", b"[[[[", b"}}", b'"', b","]
WORDS += [b'"do":"check"', b'"do":"model"', b"-1", b"true", b"null", b"9" * 20, b"\n", b"{}"]
FIELDS = ("do", "task", "item", "value", "id", "paragraphs", "x")
WHOLE = 500  # single hand-ins between two whole classes


@dataclass
class Report:
    """What a campaign met."""

    tried: int = 0
    statuses: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list = field(default_factory=list)


def seeds():
    """Return sound hand-ins of every form: submissions, with and without blanks, and raw logs."""
    found = []
    for exercise in ("z0", "openai-bid"):
        for _, data in hand_ins(load(exercise), 6, 1):
            table = json.loads(data)
            found.append(data)
            found.append(json.dumps(table).encode())
            found.append("\n".join(json.dumps(action) for action in table["log"]).encode())
    return found


def spoil(data, random):
    """Return a hand-in changed somewhere: in its bytes, in its structure, or both."""
    if random.random() < 0.5:
        data = spoil_structure(data, random)
    if random.random() < 0.6:
        data = spoil_bytes(data, random)
    return data


def spoil_bytes(data, random):
    """Flip, cut, insert, repeat."""
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 5, 20))):
        at = random.randrange(len(data) + 1)
        match random.randrange(6):
            case 0 if at < len(data):
                data[at] ^= 1 << random.randrange(8)
            case 1:
                del data[at:]
            case 2:
                data[at:at] = random.choice(WORDS)
            case 3:
                data[at:at] = data[at : at + random.randrange(1, 400)]
            case 4:
                del data[at : at + random.randrange(1, 100)]
            case _:
                data[at : at + 8] = random.randbytes(random.randrange(8))
    return bytes(data)


def spoil_structure(data, random):
    """Put something odd in the place of a value, take a field away, double an item."""
    try:
        table = json.loads(data)
    except ValueError:
        rows = [json.loads(line) for line in data.split(b"\n")]
        _spoil_one(rows, random)
        return "\n".join(json.dumps(row) for row in rows).encode()
    for _ in range(random.choice((1, 1, 2, 4))):
        _spoil_one(table, random)
    return json.dumps(table).encode()


def _spoil_one(value, random):
    """Walk down at random, and change what is met."""
    while isinstance(value, dict | list) and value:
        key = random.choice(list(value) if isinstance(value, dict) else range(len(value)))
        if not isinstance(value[key], dict | list) or random.random() < 0.2:
            match random.randrange(4):
                case 0 if isinstance(value, dict):
                    del value[key]
                case 1 if isinstance(value, list):
                    value.extend([deepcopy(value[key])] * random.choice((1, 2, 50)))
                case 2 if isinstance(value, dict):
                    value[random.choice(FIELDS)] = deepcopy(value[key])
                case _:
                    value[key] = deepcopy(random.choice(ODD))
            return
        value = value[key]


def check(data, bench, lang="fr"):
    """Grade a hand-in and make its page; whatever is not as promised raises."""
    record = grade(data, bench)
    assert record["status"] in STATUSES
    assert unpacked(packed(record)) == json.loads(json.dumps(record))
    if record["status"] == "refused":
        assert record["points"] is None
        assert record["reasons"]
    else:
        assert 0 <= record["points"] <= record["max"]
    row = {
        "learner": record["learner_in_file"],
        "name": "",
        "exercise": record["exercise"],
        "status": record["status"],
        "reason": " ".join(record["reasons"]),
        "percent": 0.0,
        "file": "f",
    }
    row |= {name: record.get(name) for name in ("points", "max")}
    row |= {name: record.get(name, "") for name in ("submitted_at", "receipt", "scorer")}
    row |= {name: record.get(name, "") for name in ("exercise_version", "key_version")}
    template = pages.environment(lang).get_template("feedback.html")
    text = template.render(lang=lang, **learner.page([(row, record)], bench, lang))
    assert "<script" not in text
    return record


def campaign(seed, *, rounds=None, seconds=None, tell=None):
    """Spoil and grade until the rounds or the seconds are over."""
    random, bench, sound, report = Random(seed), Bench(), seeds(), Report()
    end = time.monotonic() + seconds if seconds else None
    with tempfile.TemporaryDirectory() as folder:
        while (rounds is None or report.tried < rounds) and (end is None or time.monotonic() < end):
            batch = [spoil(random.choice(sound), random) for _ in range(WHOLE)]
            for data in batch:
                _one(data, bench, report)
            _a_class(batch[:60], Path(folder), random, report)
            if tell:
                tell(report)
    return report


def _one(data, bench, report):
    begun = time.perf_counter()
    try:
        record = check(data, bench)
    except Exception:
        report.failures.append((traceback.format_exc(), data))
    else:
        report.statuses[record["status"]] += 1
        report.reasons.update(record["reasons"])
    report.slowest = max(report.slowest, time.perf_counter() - begun)
    report.tried += 1


def _a_class(batch, folder, random, report):
    """Grade some of them as a class, in a zip that is spoilt in its turn."""
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(batch):
            archive.writestr(f"{number}.json", data)
    try:
        summary = grade_class(Plan(path, folder / "out", jobs=1))
        rows = summary.statuses.total()
        results = (folder / "out" / "results.jsonl").read_text("utf-8")
        files = {json.loads(line)["file"] for line in results.split("\n")[:-1]}
        assert len(files) == len(batch), (rows, len(files))
        path.write_bytes(spoil_bytes(path.read_bytes(), random))
        list(collect(path))
    except Refusal:
        report.failures.append((traceback.format_exc(), path.read_bytes()))
    except Exception:
        report.failures.append((traceback.format_exc(), path.read_bytes()))


def main():
    """Run a campaign, print what it met, and keep what failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), metavar="DIR")
    args = parser.parse_args()

    def tell(report):
        if sys.stderr.isatty():
            print(f"\r{report.tried} tried, {len(report.failures)} failed", end="", file=sys.stderr)

    report = campaign(args.seed, seconds=60 * args.minutes, tell=tell)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{report.tried} hand-ins in {args.minutes} minutes, seed {args.seed}")
    print(f"{len(report.failures)} failures; slowest {report.slowest:.2f} s; peak {peak:.0f} MB")
    for name, counter in (("statuses", report.statuses), ("reasons", report.reasons)):
        print(f"{name}: " + ", ".join(f"{key} {count}" for key, count in counter.most_common()))
    for number, (trace, data) in enumerate(report.failures):
        args.keep.mkdir(exist_ok=True)
        (args.keep / f"{number}.bin").write_bytes(data)
        (args.keep / f"{number}.txt").write_text(trace, "utf-8")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
