"""Rows summed into groups by their codes: how outcomes and detail tables add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sim.arrays import Flags, Floats, Ints
from sim.axes import COUNTRIES, PRODUCTS
from sim.world.world import World

Names = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Rows summed into groups: ``matrix @ rows[.., R]``; ``codes`` say what each group is."""

    codes: Mapping[str, Names]
    """Key -> code of every group; groups are sorted by their codes, in the order of the keys."""
    matrix: csr_array

    def __len__(self) -> int:
        """Count the groups."""
        return int(self.matrix.shape[0])

    def sum(self, rows: Floats) -> Floats:
        """Sum rows by group, float64[groups, R]."""
        return np.asarray(self.matrix @ rows)

    def mean(self) -> Grouping:
        """Weighted means in the place of weighted sums."""
        total = np.asarray(self.matrix.sum(axis=1)).reshape(-1, 1)
        return Grouping(self.codes, csr_array(self.matrix.multiply(1.0 / total)))

    def columns(self, groups: Ints) -> dict[str, Names]:
        """Codes of the given groups, one column a key."""
        return {key: names[groups] for key, names in self.codes.items()}

    def row(self, **codes: str) -> int:
        """Row of the group with these codes."""
        own = np.ones(len(self), dtype=np.bool_)
        for key, code in codes.items():
            own &= self.codes[key] == code
        (row,) = np.flatnonzero(own)
        return int(row)


def group_rows(
    codes: Mapping[str, Sequence[str] | Names],
    where: Flags | None = None,
    weights: Floats | None = None,
) -> Grouping:
    """Group rows by their ``codes``, one sequence a key; rows outside ``where`` drop out.

    >>> group = group_rows({"country": ["US", "CN", "US"]})
    >>> group.codes["country"].tolist(), group.sum(np.array([[1.0], [2.0], [3.0]])).tolist()
    (['CN', 'US'], [[2.0], [4.0]])
    """
    columns = [np.asarray(names, dtype=object) for names in codes.values()]
    rows = len(columns[0])
    kept = np.arange(rows) if where is None else np.flatnonzero(where)
    number = np.zeros(len(kept), dtype=np.int64)
    for names in columns:
        code, distinct = pd.factorize(names[kept], sort=True)
        number = number * max(len(distinct), 1) + code
    _, first, group = np.unique(number, return_index=True, return_inverse=True)
    data = np.ones(len(kept)) if weights is None else weights[kept]
    named = {key: names[kept[first]] for key, names in zip(codes, columns, strict=True)}
    return Grouping(named, csr_array((data, (group, kept)), shape=(len(first), rows)))


def product_codes(world: World, line: Ints) -> Names:
    """Product code of each of the lines."""
    return np.array(PRODUCTS, dtype=object)[world.product_of_line[line]]


def firm_codes(world: World, line: Ints) -> Names:
    """Firm id of each of the lines."""
    return np.array([firm.id for firm in world.firms], dtype=object)[world.firm_of_line[line]]


def country_codes(country: Ints) -> Names:
    """Country code of each index."""
    return np.array(COUNTRIES, dtype=object)[country]
