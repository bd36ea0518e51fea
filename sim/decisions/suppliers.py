"""Which suppliers a plant buys its parts from (``docs/model.md`` 4, Dual sourcing)."""

from __future__ import annotations

import math

from numba import njit

from sim.arrays import Floats, Ints, Out
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def supplier_shares(
    layout: Layout,
    law: Ints,
    log_macro: Floats,
    log_due: Floats,
    base_share: Floats,
    before: Floats,
    theta: Floats,
    macro_exponent: Floats,
    kept: Floats,
    reallocation: Floats,
    out: Out[Floats],
) -> None:
    """Fill present shares of the suppliers China, Japan and local, float64[P, 3, R].

    ``log_macro``: float64[I, R], log of the real macro index. ``log_due``: float64[L, P, 2], log of
    one plus the duty above base on parts from China and Japan under each law. ``base_share``:
    float64[P, 3]; ``before``: float64[P, 3, R], shares of last month. The rest are parameters of
    the line, float64[N, R]; ``kept`` is the part of a base share that stays as a second source.

    Logit in damped macro cost and duty, relative to the local supplier; a part of the contracts is
    up each month. Where nothing differs from base the shares stay as they are, to the last bit.
    """
    for p in range(base_share.shape[0]):
        n, i = layout.plant_line[p], layout.plant_country[p]
        china, japan, local = base_share[p, 0], base_share[p, 1], base_share[p, 2]
        whole = china + japan + local
        for r in range(before.shape[2]):
            damped, place = macro_exponent[n, r], log_macro[i, r]
            q = theta[n, r]
            a = china * math.exp(
                -q * (damped * (log_macro[layout.china, r] - place) + log_due[law[r], p, 0])
            )
            b = japan * math.exp(
                -q * (damped * (log_macro[layout.japan, r] - place) + log_due[law[r], p, 1])
            )
            scale = whole / (a + b + local)
            a = max(a * scale, kept[n, r] * china)
            b = max(b * scale, kept[n, r] * japan)
            c = max(local * scale, kept[n, r] * local)
            scale = whole / (a + b + c)
            up = reallocation[n, r]
            out[p, 0, r] = before[p, 0, r] + up * (a * scale - before[p, 0, r])
            out[p, 1, r] = before[p, 1, r] + up * (b * scale - before[p, 1, r])
            out[p, 2, r] = before[p, 2, r] + up * (c * scale - before[p, 2, r])
