"""Rows summed into named groups: how reduced outcomes and detail tables add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Rows summed into named groups: ``matrix @ rows[.., R]``."""

    names: tuple[str, ...]
    matrix: csr_array

    def sum(self, rows: Floats) -> Floats:
        """Sum rows by group, float64[groups, R]."""
        return np.asarray(self.matrix @ rows)

    def columns(self, groups: Ints) -> dict[str, NDArray[np.object_]]:
        """Labels of the given groups, one column a key."""
        labels = [dict(pair.split("=") for pair in name.split(";")) for name in self.names]
        keys = labels[0] if labels else {}
        return {
            key: np.array([label[key] for label in labels], dtype=object)[groups] for key in keys
        }


def group_rows(labels: Sequence[Mapping[str, str]], weights: Floats | None = None) -> Grouping:
    """Group rows by their labels (``key=code`` pairs in order); empty labels drop out."""
    texts = [";".join(f"{key}={code}" for key, code in label.items()) for label in labels]
    names = sorted({text for text in texts if text})
    index = {name: g for g, name in enumerate(names)}
    kept = [row for row, text in enumerate(texts) if text]
    groups = [index[texts[row]] for row in kept]
    data = np.ones(len(kept)) if weights is None else weights[kept]
    shape = (len(names), len(texts))
    return Grouping(tuple(names), csr_array((data, (groups, kept)), shape=shape))
