"""The same work on many things, on a Dask cluster; results in order, as `pool` gives them.

A worker grades with its own copy of the kit and of the course, so it first shows that both are
those of this machine: otherwise one hand-in could get two marks.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from kit.errors import KitError, Mistake
from kit.grading.grade import Bench
from kit.grading.pool import AHEAD, alone

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Bench, Item], Result]

PATIENCE = 15  # seconds for the cluster to answer, and for its first worker to be there
# By default Dask keeps the last thousand messages, each with a chunk of hand-ins in it.
_SPARE = {"distributed.admin.low-level-log-length": 10}
_KIT = Path(__file__).parents[1]


class OtherCourse(Exception):
    """A worker would grade with another kit, course or key."""


def spread(
    work: Work[Item, Result],
    bench: Bench,
    chunks: Iterable[list[Item]],
    address: str,
    lost: Callable[[Item], Result],
) -> Iterator[tuple[list[Item], list[Result]]]:
    """Yield each chunk with its results, in order; few chunks are on their way at a time.

    Parameters
    ----------
    work : callable
        A function of a module; called with `bench` and one item.
    bench : Bench
        What hand-ins are held against; each worker loads it from its own course.
    chunks : iterable of list
        Taken only as fast as they are worked on.
    address : str
        Of the scheduler, e.g. ``tcp://10.0.0.5:8786``.
    lost : callable
        The result for an item that ends the process that works on it.

    Raises
    ------
    KitError
        If there is no Dask here or no cluster at the address, if a worker has another course, or if
        the cluster goes away: what was yielded before stands.
    """
    with _Cluster(address, bench) as cluster:
        waiting: deque[tuple[list[Item], Any]] = deque()
        for chunk in chunks:
            waiting.append((chunk, cluster.send(work, chunk)))
            while len(waiting) > cluster.most or (waiting and waiting[0][1].done()):
                yield cluster.answer(work, *waiting.popleft(), lost)
        while waiting:
            yield cluster.answer(work, *waiting.popleft(), lost)


def version(bench: Bench) -> str:
    """Return a sum over all that decides about a record besides the hand-in, the kit included."""
    total = hashlib.sha256(bench.version().encode())
    for path in sorted([*_KIT.rglob("*.py"), *_KIT.rglob("*.toml")]):
        name = path.relative_to(_KIT).as_posix()
        if not name.startswith("course/"):
            total.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


class _Cluster:
    """A connection to a cluster; whatever fails on the way is told as a mistake."""

    def __init__(self, address: str, bench: Bench) -> None:
        try:
            import dask
            import distributed
        except ImportError as error:
            raise KitError(Mistake("dask_missing", address)) from error
        # It tells at length what `_told` tells in a sentence.
        logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
        self._killed = distributed.KilledWorker
        self._address, self._bench = address, bench
        self._version = version(bench)
        try:
            with ThreadPoolExecutor(1) as apart:  # a notebook's thread has a loop already
                apart.submit(lambda: asyncio.run(_knock(address))).result()
            with dask.config.set(_SPARE):
                self._client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except Exception as error:  # nobody, no such address, or another version of Dask
            raise self._told("dask_unreachable", error) from error
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
            self.most = AHEAD * sum(self._client.nthreads().values())
        except OSError as error:
            self._client.close()
            raise self._told("dask_unreachable", error) from error

    def __enter__(self) -> _Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()  # what is still on its way is forgotten

    def send(self, work: Work[Item, Result], chunk: list[Item]) -> Any:
        """Hand a chunk over, and return what its results will be asked of."""
        try:
            return self._client.submit(_chunk, work, self._bench, self._version, chunk, pure=False)
        except Exception as error:  # Dask has many names for a cluster that is gone
            raise self._told("dask_failed", error) from error

    def answer(
        self,
        work: Work[Item, Result],
        chunk: list[Item],
        future: Any,
        lost: Callable[[Item], Result],
    ) -> tuple[list[Item], list[Result]]:
        """Wait for the results of a chunk."""
        try:
            return chunk, future.result()
        except self._killed:  # several workers ended on it: one by one, and here
            return chunk, [alone(work, self._bench, item, lost) for item in chunk]
        except OtherCourse as error:
            raise self._told("dask_differs", error) from error
        except Exception as error:
            raise self._told("dask_failed", error) from error

    def _told(self, code: str, error: Exception) -> KitError:
        why = " ".join(f"{type(error).__name__} {error}".split())
        return KitError(Mistake(code, self._address, "", {"why": why[:300]}))


async def _knock(address: str) -> None:
    """Try whether somebody is there: a client that finds nobody leaves much talk behind."""
    from distributed.core import connect

    comm = await connect(address, timeout=PATIENCE)
    await comm.close()


def _chunk(work: Work[Item, Result], bench: Bench, told: str, chunk: list[Item]) -> list[Result]:
    """Work on a chunk; this runs on a worker."""
    ready = _ready(bench, told)
    return [work(ready, item) for item in chunk]


@lru_cache(maxsize=4)
def _ready(bench: Bench, told: str) -> Bench:
    """Return a bench that stays loaded from one chunk to the next, if it is the one asked for."""
    if version(bench) != told:
        import socket

        raise OtherCourse(f"{socket.gethostname()} {_KIT}")
    return bench
