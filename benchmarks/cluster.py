"""A Dask cluster on this machine, in processes of its own, and what its memory came to."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Otherwise a scheduler keeps its last thousand messages to each worker, hand-ins and all.
SPARE = {"DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "10"}
ROOT = Path(__file__).parents[1]


@contextmanager
def cluster(workers: int = 2) -> Iterator[str]:
    """Start a scheduler and its workers; yield the address; end them all."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.cluster", "--workers", str(workers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=os.environ | SPARE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address, "the cluster did not start"
        yield address
    finally:
        process.stdin.close()  # it ends when nobody can speak to it any more
        process.stdout.close()
        process.wait(60)


def peak() -> float:
    """Return the most memory this process has had at a time, in MB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def peaks(address: str) -> tuple[float, list[float]]:
    """Return the peaks of the scheduler and of each worker."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        return client.run_on_scheduler(peak), sorted(client.run(peak).values())


def workers_of(address: str) -> list[int]:
    """Return the process ids of the workers."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        return sorted(client.run(os.getpid).values())


def main() -> None:
    """Run a cluster until the other side of standard input is closed."""
    from distributed import LocalCluster

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    with LocalCluster(
        n_workers=given.workers, threads_per_worker=1, dashboard_address=None
    ) as started:
        print(started.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
