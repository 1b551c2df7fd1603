"""Time `kit --help` beside a bare interpreter, 20 times each, in turn.

python -m benchmarks.start
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.machine import p50_p95, print_load, print_machine

RUNS = 20
WANTED_S, WANTED_RATIO = 0.3, 12
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "kit --help": [str(Path(sys.executable).with_name("kit")), "--help"],
}


def seconds(command: list[str]) -> float:
    """Return how long a command takes, from start to end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print the times and their ratio."""
    print_machine()
    for command in COMMANDS.values():
        seconds(command)  # once for the caches
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    print_load("after")
    bare, kit = map(median, times.values())
    print(f"\n{kit / bare:.2f} × a bare interpreter (wanted: at most {WANTED_RATIO})")
    print(f"median {kit:.3f} s (wanted: less than {WANTED_S})\n")
    print(f"{'':20}{'median':>10}{'p95':>10}{'least':>10}   s, {RUNS} runs")
    for name, values in times.items():
        print(f"{name:20}" + "".join(f"{v:>10.4f}" for v in (*p50_p95(values), min(values))))


if __name__ == "__main__":
    main()
