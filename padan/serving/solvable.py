"""Which small hidden cells an outsider could work out from every published sum at once.

Hidden cells are unknowns, sums are linear equations. A cell follows from them exactly when it is zero in every
vector that the equations send to zero; a random such vector shows that with certainty up to rounding. It is found by
taking from a random vector what the equations see of it (conjugate gradients, numpy only), for each set of cells that sums
hold together by itself: most sets are small and done in a few steps, which all at once would each be a step over every cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: A free cell's component is of order 1 / number of unknowns in its sums; a solvable one's is rounding.
ZERO = 1e-6
RESIDUAL = 1e-11
SEED = 20260218

#: What was found of a set of cells: hiding one more changes one set of many, and the others need not be solved again.
Solved = dict[bytes, "NDArray[np.float64]"]


def solvable_cells(con: duckdb.DuckDBPyConnection, cells: str, sums: str, solved: Solved | None = None) -> list[int]:
    """Ids of cells that are small in themselves, hidden, and still follow from the sums.

    `solved`: kept by who asks again after hiding more.
    """
    import numpy as np

    solved = {} if solved is None else solved
    terms = con.execute(
        f"""
        WITH term AS (
            SELECT axis, name, child AS id, 1 AS weight FROM {sums}
            UNION ALL SELECT DISTINCT axis, name, parent, -1 FROM {sums} WHERE parent IS NOT NULL
        )
        SELECT dense_rank() OVER (ORDER BY axis, name) - 1 AS equation, dense_rank() OVER (ORDER BY id) - 1 AS unknown,
            weight, id, is_primary::INTEGER AS is_primary
        FROM term JOIN {cells} USING (id) WHERE hidden ORDER BY equation, unknown
        """
    ).fetchnumpy()
    equation, unknown, weight, cell, primary = (column.astype(np.int64) for column in terms.values())
    if not len(cell):
        return []
    found: list[int] = []
    for part in _parts(equation, unknown):
        rows, columns = (np.unique(of[part], return_inverse=True)[1] for of in (equation, unknown))
        known = b"".join(of.tobytes() for of in (rows, columns, weight[part]))
        if known not in solved:
            solved[known] = _unseen(rows, columns, weight[part].astype(np.float64))
        free = solved[known]
        found += cell[part][(np.abs(free[columns]) < ZERO) & (primary[part] == 1)].tolist()
    return sorted(set(found))


def _parts(equation: NDArray[np.int64], unknown: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Places of the terms of each set of unknowns that equations connect."""
    import numpy as np

    label, before = np.arange(int(unknown.max()) + 1), None
    while before is None or (label != before).any():
        before = label
        least = np.full(int(equation.max()) + 1, label.size)
        np.minimum.at(least, equation, label[unknown])
        label = before.copy()
        np.minimum.at(label, unknown, least[equation])
        label = label[label]  # to the end of a chain in few rounds
    order = np.argsort(label[unknown], kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[unknown][order])) + 1)


def _unseen(equation: NDArray[np.int64], unknown: NDArray[np.int64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """A random vector without its part in the row space of the equations: x - A'z with AA'z = Ax, by conjugate gradients."""
    import numpy as np

    rows, columns = int(equation.max()) + 1, int(unknown.max()) + 1

    def forward(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(equation, weight * x[unknown], rows).astype(np.float64)

    def back(z: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(unknown, weight * z[equation], columns).astype(np.float64)

    x = np.random.default_rng(SEED).standard_normal(columns)
    residual = forward(x)
    direction, size = back(residual), 0.0
    gradient = direction.copy()
    norm = float(gradient @ gradient)
    for _ in range(4 * columns + 50):
        if norm < RESIDUAL**2:
            break
        seen = forward(direction)
        size = norm / float(seen @ seen)
        x = x - size * direction
        residual = residual - size * seen
        gradient = back(residual)
        norm, last = float(gradient @ gradient), norm
        direction = gradient + (norm / last) * direction
    return x
