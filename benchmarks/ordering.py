"""Print the ordering table of the scoring rule on the kit's own article: means of 60 draws."""

from random import Random
from statistics import fmean

from kit.loading import load
from kit.scoring import score_task
from kit.simulation import behaviours

DRAWS = 60


def table(
    exercise_id: str = "openai-bid", task_id: str = "bias", draws: int = DRAWS
) -> dict[str, dict[str, list[float]]]:
    """Return the scores of each behaviour, by mode: practice and exam."""
    exercise = load(exercise_id)
    task = exercise.task(task_id)
    rows: dict[str, dict[str, list[float]]] = {}
    for name, behave in behaviours().items():
        tries = [behave(exercise, task, Random(seed)) for seed in range(draws)]
        rows[name] = {
            mode: [
                score_task(exercise, task, answers, None, mode).score or 0.0 for answers in tries
            ]
            for mode in ("practice", "exam")
        }
    return rows


if __name__ == "__main__":
    print(f"{'behaviour':36}{'practice':>18}{'exam':>18}")
    for name, modes in table().items():
        cells = [f"{fmean(s):.2f} ({min(s):.2f}–{max(s):.2f})" for s in modes.values()]
        print(f"{name:36}" + "".join(f"{cell:>18}" for cell in cells))
