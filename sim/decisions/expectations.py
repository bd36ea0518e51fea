"""What a firm believes a duty will be worth over an investment's life (``docs/model.md`` 2)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import MONTHS_PER_YEAR

Shorts = NDArray[np.int16]

_NODES, _WEIGHTS = np.polynomial.laguerre.laggauss(24)


def survival_weights(
    hazard: Floats, shape: float, discount: float, depreciation: float, ages: int, leads: int
) -> Floats:
    """Share of a permanent benefit that a removable duty gives, float64[B, ages, leads].

    ``w(n, L) = k INT_0^inf exp(-k s) (B / (B + L + s))^a ds``, ``k = discount + depreciation``,
    ``a = shape``, ``B = a / hazard + n`` years; ages and leads in months. The hazard of removal is
    Gamma distributed and integrated out (24-point Gauss-Laguerre), never plugged in.

    >>> import numpy as np
    >>> w = survival_weights(np.array([0.12]), 1.0, 0.09, 0.10, 2, 1)
    >>> bool(0.0 < w[0, 0, 0] < w[0, 1, 0] < 1.0)
    True
    """
    k = discount + depreciation
    age = np.arange(ages)[None, :, None, None] / MONTHS_PER_YEAR
    lead = np.arange(leads)[None, None, :, None] / MONTHS_PER_YEAR
    scale = shape / hazard[:, None, None, None] + age
    return np.asarray((scale / (scale + lead + _NODES / k)) ** shape @ _WEIGHTS)


def learning_hurdles(weights: Floats, hazard: Floats, shape: float, discount: float) -> Floats:
    """Hurdle multiple that waiting to learn is worth, float64[B, ages - 1, leads].

    ``(discount + h) / (discount + h - g)`` with ``h = a / B`` the mean hazard at that age and
    ``g`` the yearly log growth of the survival weight.
    """
    age = np.arange(weights.shape[1] - 1)[None, :, None] / MONTHS_PER_YEAR
    mean = shape / (shape / hazard[:, None, None] + age)
    growth = MONTHS_PER_YEAR * np.log(weights[:, 1:] / weights[:, :-1])
    return np.asarray((discount + mean) / (discount + mean - growth))


@njit(cache=True, error_model="numpy")
def expected_duty(
    permanent: float,
    extra: Floats,
    announced: Floats,
    announced_in: Shorts,
    stage: NDArray[np.int8],
    enforced: Floats,
    deviation: Floats,
    lean: float,
    age: Shorts,
    weights: Floats,
    lead: int,
    act_within: int,
) -> float:
    """Expected duty of one route for an investment ready in ``lead`` months, a share.

    ``extra, announced``: float64[B]; ``stage``: int8[B], how far what is announced has come;
    ``enforced, deviation``: float64[stages, B]; ``weights``: float64[B, ages, leads].
    An announced start within ``act_within`` months counts even for a move that would be ready
    sooner. ``lean`` moves the belief that an announced duty is enforced, in deviations of it.
    """
    total = permanent
    for b in range(extra.size):
        if extra[b] != 0.0:
            total += extra[b] * weights[b, age[b], lead]
        if announced[b] != 0.0 and announced_in[b] <= max(lead, act_within):
            at = stage[b]
            believed = min(1.0, max(0.0, enforced[at, b] + lean * deviation[at, b]))
            total += believed * weights[b, 0, lead] * announced[b]
    return total


@njit(cache=True, error_model="numpy")
def policy_hurdle(
    extra_from: Floats,
    extra_to: Floats,
    age: Shorts,
    weights: Floats,
    hurdles: Floats,
    lead: int,
) -> float:
    """Learning hurdle of a move: mean over bases, weighted with the duty that it escapes."""
    total, mean = 0.0, 0.0
    for b in range(extra_from.size):
        escaped = (extra_from[b] - extra_to[b]) * weights[b, age[b], lead]
        if escaped > 0.0:
            total += escaped
            mean += escaped * hurdles[b, age[b], lead]
    return mean / total if total > 0.0 else 1.0


def diffusion_hurdle(discount: Floats, sigma: Floats) -> Floats:
    """Dixit and Pindyck's multiple without drift, ``b / (b - 1)``; 1 when nothing is uncertain.

    >>> import numpy as np
    >>> float(diffusion_hurdle(np.array(0.09), np.array(0.2)).round(2))
    1.6
    """
    with np.errstate(divide="ignore"):
        root = 0.5 + np.sqrt(0.25 + 2.0 * discount / sigma**2)
    return np.asarray(np.where(sigma > 0.0, root / (root - 1.0), 1.0))
