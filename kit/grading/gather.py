"""Every file of a class, read and graded once; what an earlier run graded is not graded again."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from kit.grading.collect import Candidate
from kit.grading.grade import Bench, grade, refused
from kit.grading.ledger import Ledger, Said, packed, said
from kit.grading.pool import spread

CHUNK = 32  # hand-ins a worker takes at once
CHUNK_BYTES = 2_000_000
OFTEN = 1.0  # seconds of work that a cut can cost
FEW = 200  # below this, starting workers takes longer than grading

Graded = tuple[Said, bytes]


def gather(
    candidates: Iterable[Candidate], bench: Bench, ledger: Ledger, jobs: int, dask: str = ""
) -> Iterator[int]:
    """Note each file and its record in the ledger; yield how many were graded so far.

    Parameters
    ----------
    candidates : iterable of Candidate
        Taken as fast as they are graded, so that few are in memory.
    jobs : int
        Processes; 0 for one a core where there is enough to do.
    dask : str
        Address of a Dask cluster that grades instead of processes here.
    """
    done, saved = 0, time.monotonic()
    chunks = _chunks(_to_grade(candidates, ledger))
    try:
        for chunk, records in _spread(chunks, bench, jobs, dask):
            for candidate, (told, record) in zip(chunk, records, strict=True):
                sum_ = _sum(candidate)
                ledger.keep(sum_, record)
                ledger.found(candidate, sum_, told)
            if time.monotonic() - saved > OFTEN:
                ledger.save()
                saved = time.monotonic()
            done += len(chunk)
            yield done
    finally:  # also where somebody stops it, or a cluster goes away
        ledger.save()


def _spread(
    chunks: Iterator[list[Candidate]], bench: Bench, jobs: int, dask: str
) -> Iterator[tuple[list[Candidate], list[Graded]]]:
    if dask:
        from kit.grading import cluster

        return cluster.spread(_grade, bench, chunks, dask, _too_heavy)
    first = list(islice(chunks, FEW // CHUNK))
    many = FEW if len(first) == FEW // CHUNK else 0
    return spread(_grade, bench, chain(first, chunks), workers(jobs, many), _too_heavy)


def workers(jobs: int, many: int) -> int:
    """Return how many processes to use for so many things, where none are asked for."""
    if jobs:
        return jobs
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (cores or 1) if many >= FEW else 1


def _to_grade(candidates: Iterable[Candidate], ledger: Ledger) -> Iterator[Candidate]:
    """Yield what has still to be graded; note all else."""
    for candidate in candidates:
        if not candidate.counts:
            ledger.problem(candidate.path, "", "", "set_aside", candidate.reason)
        elif candidate.data is None:
            ledger.found(candidate, None, said(refused(candidate.reason)))
        elif record := ledger.known(sum_ := _sum(candidate)):
            ledger.found(candidate, sum_, said(record))
        else:
            yield candidate


def _chunks(candidates: Iterable[Candidate]) -> Iterator[list[Candidate]]:
    chunk: list[Candidate] = []
    size = 0
    for candidate in candidates:
        chunk.append(candidate)
        size += len(candidate.data or b"")
        if len(chunk) == CHUNK or size > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _grade(bench: Bench, candidate: Candidate) -> Graded:
    """Grade in a worker: whatever goes wrong with one hand-in is told in its own row."""
    try:
        record = grade(candidate.data or b"", bench)
    except MemoryError:
        return _too_heavy(candidate)
    except Exception:  # the one place that forgives anything: the class must not suffer
        record = refused("not_scored")
    return said(record), packed(record)


def _too_heavy(candidate: Candidate) -> Graded:
    record = refused("too_heavy")
    return said(record), packed(record)


def _sum(candidate: Candidate) -> bytes:
    return hashlib.sha256(candidate.data or b"").digest()
