"""What trade data cannot tell of a line's origin, declared in ``origin.csv`` with ranges.

Which products change their tariff heading when assembled, how net cost relates to the price, how
little work counts as none, which members pay high wages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sim.axes import COUNTRIES, PRODUCTS
from sim.data.columns import Field, Row, Spec
from sim.data.evidence import CONFIDENCE, EVIDENCE
from sim.data.reading import read_table
from sim.errors import Fault, LawError, nearest
from sim.law.files import LAW_FOLDER, shown, standing

SHIFTS = ("none", "CTSH", "CTH", "CC")
"""Changes of classification, each implying those before it."""
PARAMETERS = ("net_cost_share", "minimal_operations_share", "usmca_labour_credit_share")

_KEYS: Mapping[str, Sequence[str]] = {
    "tariff_shift": PRODUCTS,
    "high_wage": COUNTRIES,
    "parameter": PARAMETERS,
}
SPEC = Spec(
    "origin",
    (
        Field("kind", choices=tuple(_KEYS)),
        Field("key"),
        Field("value", required=False),
        Field("low", "number", required=False, low=0.0, high=1.0),
        Field("high", "number", required=False, low=0.0, high=1.0),
        Field("source_url"),
        Field("note", required=False),
        Field("confidence", choices=CONFIDENCE),
        Field("evidence", choices=EVIDENCE),
    ),
    key=("kind", "key"),
)


@dataclass(frozen=True, slots=True)
class Declared:
    """What ``origin.csv`` declares; ``ranges`` holds (low, high) of each parameter."""

    shift: Mapping[str, str]
    high_wage: tuple[str, ...]
    net_cost_share: float
    minimal_operations_share: float
    usmca_labour_credit_share: float
    ranges: Mapping[str, tuple[float, float]]


@lru_cache(maxsize=1)
def declared() -> Declared:
    """The declarations that ship, read once."""
    known, faults = read_declared(standing([LAW_FOLDER], "origin.csv"))
    if known is None:
        raise LawError(faults)
    return known


def declared_rows(paths: Sequence[Path]) -> tuple[tuple[Row, ...], list[Fault]]:
    """Rows of the files, a later file's in the place of an earlier one's, and what is wrong."""
    rows: dict[tuple[str, str], Row] = {}
    faults: list[Fault] = []
    for path in paths:
        listed, wrong = read_table(path, SPEC, shown(path))
        faults += wrong + [fault for row in listed for fault in _row_faults(row)]
        rows |= {(row.text("kind"), row.text("key")): row for row in listed}
    return tuple(rows.values()), faults


def read_declared(paths: Sequence[Path]) -> tuple[Declared | None, list[Fault]]:
    """The declarations of the files, or None, and everything that is wrong with them."""
    rows, faults = declared_rows(paths)
    values = {(row.text("kind"), row.text("key")): row for row in rows}
    for kind, key in (
        *(("tariff_shift", key) for key in PRODUCTS),
        *(("parameter", key) for key in PARAMETERS),
    ):
        if not faults and (kind, key) not in values:
            faults.append(Fault(shown(paths[-1]), f"{kind} {key}", "is missing", "add its row"))
    if faults:
        return None, faults
    parameters = {key: values["parameter", key] for key in PARAMETERS}
    return Declared(
        shift={key: values["tariff_shift", key].text("value") for key in PRODUCTS},
        high_wage=tuple(sorted(key for kind, key in values if kind == "high_wage")),
        ranges={key: (row.number("low"), row.number("high")) for key, row in parameters.items()},
        **{key: float(row.text("value")) for key, row in parameters.items()},
    ), []


def _row_faults(row: Row) -> Iterator[Fault]:
    kind, key, value = row.text("kind"), row.text("key"), row.text("value")
    if key not in _KEYS[kind]:
        cure = nearest(key, _KEYS[kind])
        yield Fault(row.file, "key", f"`{key}` is unknown", cure, row.line)
    if kind == "tariff_shift" and value not in SHIFTS:
        yield Fault(row.file, "value", f"`{value}` is unknown", nearest(value, SHIFTS), row.line)
    if kind == "parameter" and not _in_range(row):
        wrong = f"`{value}` is no share between `low` and `high`"
        yield Fault(row.file, "value", wrong, "write a share, 0.9 for 90 %", row.line)


def _in_range(row: Row) -> bool:
    try:
        return row.number("low") <= float(row.text("value")) <= row.number("high")
    except ValueError:
        return False
