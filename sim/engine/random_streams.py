"""Counter-based random numbers: every draw belongs to an identity, never to an order.

Philox4x32-10 (Salmon et al. 2011) with key ``(seed, replication)`` and counter ``(entity, month,
stream, 0)``. Policies and scenarios never enter: two policies of one replication share every draw,
and an extra draw in one mechanism moves no other.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = tuple[int, int, int, int]

STREAMS: dict[str, int] = {
    "demand": 1,
    "fx": 2,
    "decision": 3,
    "expansion": 4,
    "closure": 5,
    "licence_wait": 6,
    "licence": 7,
    "lead": 8,
    "partner": 9,
    "place": 10,
}
"""One stream for each decision or noise; a number, once given, is never reused."""


def entity_id(name: str) -> int:
    """Stable 32-bit id of a named entity, whatever its row.

    >>> entity_id("toyota_cars:US") == entity_id("toyota_cars:US")
    True
    """
    return zlib.crc32(name.encode())


def entity_ids(names: Sequence[str]) -> NDArray[np.uint32]:
    """Ids of many entities; two names with one id are refused."""
    ids = np.array([entity_id(name) for name in names], dtype=np.uint32)
    if len(np.unique(ids)) != len(set(names)):
        raise ValueError("two entities share a random id: rename one")
    return ids


@njit(cache=True, inline="always")
def philox4x32(counter: Words, key: tuple[int, int]) -> Words:
    """Ten rounds of Philox4x32: four 32-bit words from a counter and a key."""
    c0, c1 = np.uint64(counter[0]), np.uint64(counter[1])
    c2, c3 = np.uint64(counter[2]), np.uint64(counter[3])
    k0, k1 = np.uint64(key[0]), np.uint64(key[1])
    mask, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ k0, p1 & mask, (p0 >> shift) ^ c3 ^ k1, p0 & mask
        k0 = (k0 + np.uint64(0x9E3779B9)) & mask
        k1 = (k1 + np.uint64(0xBB67AE85)) & mask
    return c0, c1, c2, c3  # type: ignore[return-value] # numba's words are unsigned integers


@njit(cache=True)
def _fill(
    entities: NDArray[np.uint32],
    month: int,
    stream: int,
    seed: int,
    replications: NDArray[np.int64],
    gaussian: bool,
    out: NDArray[np.float64],
) -> None:
    for n in range(entities.size):
        for r in range(replications.size):
            w0, w1, _, _ = philox4x32((entities[n], month, stream, 0), (seed, replications[r]))
            u0 = (np.float64(w0) + 0.5) / 4294967296.0
            if gaussian:
                u1 = (np.float64(w1) + 0.5) / 4294967296.0
                out[n, r] = math.sqrt(-2.0 * math.log(u0)) * math.cos(2.0 * math.pi * u1)
            else:
                out[n, r] = u0


class Streams:
    """Draws for a block of lanes: ``float64[entities, R]`` by stream and month.

    >>> import numpy as np
    >>> streams = Streams(7, np.array([0, 1]))
    >>> streams.uniform("decision", entity_ids(["a", "b"]), 3).shape
    (2, 2)
    """

    def __init__(self, seed: int, replications: NDArray[np.int64]) -> None:
        self.seed = zlib.crc32(str(seed).encode())
        self.replications = np.asarray(replications, dtype=np.int64)

    def _draw(
        self, stream: str, entities: NDArray[np.uint32], month: int, gaussian: bool
    ) -> NDArray[np.float64]:
        out = np.empty((entities.size, self.replications.size))
        _fill(entities, month, STREAMS[stream], self.seed, self.replications, gaussian, out)
        return out

    def uniform(self, stream: str, entities: NDArray[np.uint32], month: int) -> NDArray[np.float64]:
        """Uniform draws in (0, 1), float64[entities, R]."""
        return self._draw(stream, entities, month, False)

    def normal(self, stream: str, entities: NDArray[np.uint32], month: int) -> NDArray[np.float64]:
        """Standard normal draws (Box-Muller on two fixed words), float64[entities, R]."""
        return self._draw(stream, entities, month, True)
