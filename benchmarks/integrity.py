"""How often honest learners look alike, and how often copies are seen: simulated classes."""

import argparse

from kit.demo_class import hand_ins
from kit.grading.grade import Bench, grade
from kit.grading.integrity import alike, slips
from kit.loading import load


def measure(classes, learners, exercise="openai-bid"):
    """Return honest pairs, honest pairs told, copies, copies told."""
    loaded, bench = load(exercise), Bench()
    pairs = told = copies = seen = 0
    for seed in range(classes):
        found = [
            (truth, slips(grade(data, bench))) for truth, data in hand_ins(loaded, learners, seed)
        ]
        whose = {truth.learner: truth.copied_from for truth, _ in found}
        names = list(whose)
        honest = [name for name in names if not whose[name]]
        pairs += len(honest) * (len(honest) - 1) // 2
        copies += len(names) - len(honest)
        for one, other, _ in alike([mine for _, mine in found]):
            # Two copies of one neighbour are alike for the same reason.
            sources = {whose[names[at]] or names[at] for at in (one, other)}
            if len(sources) == 1:
                seen += bool(whose[names[one]]) ^ bool(whose[names[other]])
            else:
                told += 1
    return pairs, told, copies, seen


def main():
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, default=100)
    parser.add_argument("--learners", type=int, default=30)
    args = parser.parse_args()
    pairs, told, copies, seen = measure(args.classes, args.learners)
    print(f"{args.classes} classes of {args.learners}")
    print(f"honest pairs told as alike: {told} of {pairs}")
    print(f"copies seen: {seen} of {copies}")


if __name__ == "__main__":
    main()
