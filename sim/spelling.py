"""Codes for what people write: countries, products and firms by code or by name.

Every door of the command line asks here, so that `JP`, `jp` and `Japan` are one country everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sim.axes import EVERY_COUNTRY, PRODUCT_TABLE
from sim.errors import nearest

_NEAR, _MOST, _SHORT = 0.75, 4, 3
"""How alike a name must be to be offered (1: equal), how many are, and from how many letters."""


def bare(text: str) -> str:
    """Letters and digits alone, whatever their case, accents and spacing; no leading article.

    >>> bare("Viet Nam") == bare("VIETNAM"), bare("the U.S.A."), bare("Tokyo_Electron")
    (True, 'usa', 'tokyoelectron')
    """
    folded = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ")
    return "".join(re.findall(r"[^\W_]+", re.sub(r"^\s*the\s+", "", folded)))


@dataclass(frozen=True)
class Spellings:
    """Codes, each with the names that people write for it; the first is the one that is printed.

    >>> COUNTRY.code("united states"), COUNTRY.code("Viet Nam"), PRODUCT.code("passenger cars")
    ('US', 'VN', 'cars')
    >>> COUNTRY.cure("Jpan"), PRODUCT.cure("car")
    ('did you mean `JP` (Japan)?', 'write `cars` (Passenger cars), `cars_large` (Cars over 2.5 L), \
`cars_bev` (Electric cars) or `auto_parts` (Auto parts)')
    """

    names: Mapping[str, tuple[str, ...]]

    def code(self, written: str) -> str:
        """The code of what was written; what names no code comes back as it was written."""
        wanted = bare(written)
        if written in self.names or not wanted:
            return written
        found = [code for code in self.names if bare(code) == wanted] or [
            code for code, names in self.names.items() if wanted in map(bare, names)
        ]
        return found[0] if len(found) == 1 else written

    def cure(self, written: str, among: Iterable[str] | None = None) -> str:
        """Which codes, of ``among`` or of all, were perhaps meant."""
        codes = list(self.names if among is None else among)
        meant = self._meant(bare(written), codes)
        if not meant:
            return nearest(written, codes)
        told = [f"`{code}`{self._named(code)}" for code in meant]
        if len(told) == 1:
            return f"did you mean {told[0]}?"
        return f"write {', '.join(told[:-1])} or {told[-1]}"

    def _named(self, code: str) -> str:
        names = self.names.get(code, ())
        return f" ({names[0]})" if names else ""

    def _meant(self, wanted: str, codes: list[str]) -> list[str]:
        """Codes whose names hold what was written, or are held by it, else the nearest."""
        spelt = {c: [bare(one) for one in (c, *self.names.get(c, ()))] for c in codes}
        for holds in (str.__contains__, _is_held):
            held = [c for c, names in spelt.items() if any(holds(name, wanted) for name in names)]
            if held and len(wanted) >= _SHORT:
                return held[:_MOST]
        words = [name for names in spelt.values() for name in names]
        near = get_close_matches(wanted, words, n=1, cutoff=_NEAR)
        return [next(c for c, names in spelt.items() if near[0] in names)] if near else []


def _is_held(name: str, wanted: str) -> bool:
    return len(name) > _SHORT and name in wanted


COUNTRY = Spellings({one.code: (one.name, *one.also) for one in EVERY_COUNTRY})
PRODUCT = Spellings({one.code: (one.name, *one.also) for one in PRODUCT_TABLE})
