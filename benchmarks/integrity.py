"""How often honest learners look alike, and how often copies are seen: simulated classes.

python -m benchmarks.integrity

Simulated learners err independently of one another. To see what a shared lesson does to the rate,
a share of everybody's slips is exchanged for slips out of a few that are popular in the class; to
see what talking does, for slips of the four who sit at one table.
"""

import argparse
from random import Random

from kit.demo_class import hand_ins
from kit.grading.grade import Bench, grade
from kit.grading.integrity import Signs, alike, slips
from kit.loading import load

SIZES = {15: 200, 30: 100, 100: 30, 300: 10}  # learners in a class: classes
SHARES = (0.0, 0.3, 0.5, 0.7, 0.9)  # of the slips, taken from popular ones
POPULAR = 10  # slips of a task that are popular in a class
TABLE = 4  # learners


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


def honest(classes, learners, exercise="openai-bid"):
    """Return the slips of honest classes, and how many of their learners were told as quick."""
    loaded, bench, signs = load(exercise), Bench(), Signs()
    made, quick = [], 0
    for seed in range(classes):
        mine = []
        for truth, data in hand_ins(loaded, learners, seed):
            if not truth.copied_from:
                record = grade(data, bench)
                row = {"exercise": exercise, "learner": truth.learner, "reason": ""}
                quick += len(signs.add(row, record))
                mine.append(slips(record))
        made.append(mine)
    return made, quick


def taught_alike(learners, share, seed):
    """Exchange a share of all slips for popular ones of the same task."""
    random = Random(seed)
    by_task = {}
    for slip in sorted(set().union(*learners)):
        by_task.setdefault(slip.split("/", 1)[0], []).append(slip)
    popular = {
        task: random.sample(known, min(POPULAR, len(known))) for task, known in by_task.items()
    }
    return [
        frozenset(
            random.choice(popular[slip.split("/", 1)[0]]) if random.random() < share else slip
            for slip in sorted(mine)
        )
        for mine in learners
    ]


def at_tables(learners, share, seed):
    """Exchange a share of all slips for slips of the same table."""
    random = Random(seed)
    changed = []
    for first in range(0, len(learners), TABLE):
        table = learners[first : first + TABLE]
        heard = sorted(set().union(*table))
        changed += [
            frozenset(
                random.choice(heard) if random.random() < share else slip for slip in sorted(mine)
            )
            for mine in table
        ]
    return changed


def rates(classes, share, how=taught_alike):
    """Return pairs, pairs told, and classes in which anybody was told."""
    pairs = told = touched = 0
    for seed, mine in enumerate(classes):
        pairs += len(mine) * (len(mine) - 1) // 2
        count = sum(1 for _ in alike(how(mine, share, seed) if share else mine))
        told += count
        touched += bool(count)
    return pairs, told, touched


def main():
    """Print the rates as tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--exercise", default="openai-bid")
    parser.add_argument("--learners", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--classes", type=int, help="for each size; less of the larger if left out")
    args = parser.parse_args()
    print("| learners | classes | honest pairs | told | copies | seen |")
    print("|---|---|---|---|---|---|")
    for size in args.learners:
        classes = args.classes or SIZES.get(size, 30)
        pairs, told, copies, seen = measure(classes, size, args.exercise)
        print(f"| {size} | {classes} | {pairs} | {told} | {copies} | {seen} |", flush=True)
    print("\n| learners | share | honest pairs | popular: told | classes | table: told | classes |")
    print("|---|---|---|---|---|---|---|")
    quick = 0
    for size in args.learners:
        made, hasty = honest(args.classes or SIZES.get(size, 30), size, args.exercise)
        quick += hasty
        for share in SHARES:
            pairs, *popular = rates(made, share)
            _, *table = rates(made, share, at_tables)
            cells = [size, f"{share:.0%}", pairs, *popular, *table]
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    print(f"\nhonest learners told as quick: {quick}")


if __name__ == "__main__":
    main()
