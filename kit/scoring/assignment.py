"""The best one-to-one pairing of what was answered with what was expected."""

from __future__ import annotations

from collections.abc import Sequence


def best_pairs(credit: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) with the largest sum of credit, none without credit.

    Rows and columns that share no credit fall apart into small groups, each solved alone.

    Examples
    --------
    >>> best_pairs([[0.9, 0.8], [0.8, 0.0]])  # a greedy choice would take 0.9 and lose
    [(0, 1), (1, 0)]
    """
    pairs: list[tuple[int, int]] = []
    for rows, columns in _groups(credit):
        block = [[credit[row][column] for column in columns] for row in rows]
        pairs += [(rows[row], columns[column]) for row, column in _hungarian(block)]
    return sorted((row, column) for row, column in pairs if credit[row][column] > 0)


def _groups(credit: Sequence[Sequence[float]]) -> list[tuple[list[int], list[int]]]:
    """Return the connected groups of rows and columns."""
    columns_of = [[column for column, value in enumerate(row) if value > 0] for row in credit]
    rows_of: dict[int, list[int]] = {}
    for row, met in enumerate(columns_of):
        for column in met:
            rows_of.setdefault(column, []).append(row)
    groups = []
    left = {row for row, met in enumerate(columns_of) if met}
    while left:
        rows: set[int] = set()
        columns: set[int] = set()
        todo = [min(left)]
        while todo:
            row = todo.pop()
            rows.add(row)
            for column in set(columns_of[row]) - columns:
                columns.add(column)
                todo += [other for other in rows_of[column] if other not in rows]
        left -= rows
        groups.append((sorted(rows), sorted(columns)))
    return groups


def _hungarian(credit: list[list[float]]) -> list[tuple[int, int]]:
    """Pair as Kuhn (1955), *Naval Res. Logist. Quart.* 2, 83-97; shortest paths, potentials."""
    if len(credit) == 1:
        return [(0, max(range(len(credit[0])), key=credit[0].__getitem__))]
    if len(credit) > len(credit[0]):
        turned = [list(column) for column in zip(*credit, strict=True)]
        return [(row, column) for column, row in _hungarian(turned)]
    rows, columns = len(credit), len(credit[0])
    row_potential = [0.0] * (rows + 1)
    column_potential = [0.0] * (columns + 1)
    owner = [0] * (columns + 1)  # row that has the column, counted from 1; 0: free
    for row in range(1, rows + 1):
        owner[0] = row
        column = 0
        slack = [float("inf")] * (columns + 1)
        came_from = [0] * (columns + 1)
        done = [False] * (columns + 1)
        while owner[column]:
            done[column] = True
            current, step, following = owner[column], float("inf"), 0
            for other in range(1, columns + 1):
                if done[other]:
                    continue
                cost = -credit[current - 1][other - 1]
                reduced = cost - row_potential[current] - column_potential[other]
                if reduced < slack[other]:
                    slack[other], came_from[other] = reduced, column
                if slack[other] < step:
                    step, following = slack[other], other
            for other in range(columns + 1):
                if done[other]:
                    row_potential[owner[other]] += step
                    column_potential[other] -= step
                else:
                    slack[other] -= step
            column = following
        while column:
            owner[column] = owner[came_from[column]]
            column = came_from[column]
    return [(owner[column] - 1, column - 1) for column in range(1, columns + 1) if owner[column]]
