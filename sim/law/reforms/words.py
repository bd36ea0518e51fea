"""What a field of a reform may say: countries, products, legal bases, kinds, rates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sim.axes import COUNTRIES, LAW_COUNTRIES, LEGAL_BASES, PRODUCTS
from sim.data.models import NO_FLAG
from sim.errors import nearest
from sim.law.instrument import ALL


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def known(words: Iterable[str], plural: bool = True) -> BeforeValidator:
    """Refuse any other word, with the nearest right spelling."""
    allowed = tuple(words)

    def check(value: object) -> object:
        for word in value if isinstance(value, list | tuple) and plural else (value,):
            if isinstance(word, str) and word not in allowed:
                raise ValueError(f"`{word}` is unknown; {nearest(word, allowed)}")
        return value

    return BeforeValidator(check)


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Exporters = Annotated[tuple[str, ...], known((*LAW_COUNTRIES, ALL)), BeforeValidator(_listed)]
Products = Annotated[tuple[str, ...], known((*PRODUCTS, ALL)), BeforeValidator(_listed)]
Bases = Annotated[tuple[str, ...], known(LEGAL_BASES), BeforeValidator(_listed)]
Kind = Literal["additional", "all_in_ceiling", "replaces_mfn", "output_credit"]
Kinds = Annotated[tuple[Kind, ...], BeforeValidator(_listed)]
Importer = Annotated[str, known(COUNTRIES, plural=False)]
Importers = Annotated[tuple[str, ...], known(COUNTRIES), BeforeValidator(_listed)]
Share = Annotated[float, Field(ge=0.0, le=4.0), NO_FLAG]
