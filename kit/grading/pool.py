"""The same work on many things: in this process, or spread over several; results in order."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Setup = TypeVar("Setup")

AHEAD = 3  # chunks in hand for each process: enough to keep it busy, few enough for memory
_MEMORY = 2_000_000_000  # bytes of address space for something that ended a process before

_work: Callable[[Any, Any], Any]
_setup: Any


def spread(
    work: Callable[[Setup, Item], Result],
    setup: Setup,
    chunks: Iterable[list[Item]],
    jobs: int,
    lost: Callable[[Item], Result],
) -> Iterator[tuple[list[Item], list[Result]]]:
    """Yield each chunk with its results, in order.

    Parameters
    ----------
    work : callable
        A function of a module; called with `setup` and one item.
    setup : object
        Handed to each process once.
    chunks : iterable of list
        Taken only as fast as they are worked on.
    jobs : int
        Processes; 1 works here.
    lost : callable
        The result for an item that ends the process that works on it.
    """
    if jobs <= 1:
        for chunk in chunks:
            yield chunk, [_here(work, setup, item, lost) for item in chunk]
        return
    waiting: deque[tuple[list[Item], Future[list[Result]]]] = deque()
    pool = _pool(jobs, work, setup)
    try:
        for chunk in chunks:
            waiting.append((chunk, _submit(pool, chunk)))
            while len(waiting) > AHEAD * jobs or (waiting and waiting[0][1].done()):
                done, future = waiting.popleft()
                try:
                    yield done, future.result()
                except BrokenProcessPool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    for each in (done, *(chunk for chunk, _ in waiting)):
                        yield each, [alone(work, setup, item, lost) for item in each]
                    waiting.clear()
                    pool = _pool(jobs, work, setup)
        for number, (done, future) in enumerate(waiting):
            try:
                yield done, future.result()
            except BrokenProcessPool:
                for each, _ in list(waiting)[number:]:
                    yield each, [alone(work, setup, item, lost) for item in each]
                break
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _here(
    work: Callable[[Setup, Item], Result], setup: Setup, item: Item, lost: Callable[[Item], Result]
) -> Result:
    try:
        return work(setup, item)
    except MemoryError:
        return lost(item)


def _submit(pool: ProcessPoolExecutor, chunk: list[Any]) -> Future[list[Any]]:
    try:
        return pool.submit(_chunk, chunk)
    except BrokenProcessPool as error:  # told when the result is asked for
        broken: Future[list[Any]] = Future()
        broken.set_exception(error)
        return broken


def alone(
    work: Callable[[Setup, Item], Result], setup: Setup, item: Item, lost: Callable[[Item], Result]
) -> Result:
    """Work on one item in a process of its own, with little memory."""
    with ProcessPoolExecutor(1, initializer=_begin, initargs=(work, setup, _MEMORY)) as pool:
        try:
            results: list[Result] = pool.submit(_chunk, [item]).result()
            return results[0]
        except (BrokenProcessPool, MemoryError):
            return lost(item)


def _pool(jobs: int, work: Callable[[Any, Any], Any], setup: Any) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, initializer=_begin, initargs=(work, setup, 0))


def _begin(work: Callable[[Any, Any], Any], setup: Any, memory: int) -> None:
    global _work, _setup
    _work, _setup = work, setup
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children
    if memory and os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _chunk(chunk: list[Any]) -> list[Any]:
    return [_work(_setup, item) for item in chunk]


def _end_with(parent: int) -> None:
    """End when the parent is gone: a killed one cannot say so."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
