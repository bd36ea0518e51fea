"""The kinds of things that can be listed: how each is read, and what a screen shows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.axes import COUNTRY_NAMES
from sim.cli.listing import rows
from sim.cli.listing.reforms import reforms
from sim.cli.listing.source import Row, Source
from sim.results.numbers import short
from sim.spelling import PRODUCT

_PLACES = 6
"""Countries that a screen names for a firm."""
_LARGE = 1e5
"""Values from here on are told in thousands, millions and so on."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``reads`` names the options that change what is listed; ``columns`` give cells of a row.

    ``more`` names what is told beneath the table where few rows are left.
    """

    what: str
    rows: Callable[[Source], list[Row]]
    columns: Mapping[str, Callable[[Row], object]]
    reads: tuple[str, ...]
    more: tuple[str, ...] = ()


def _cell(key: str) -> Callable[[Row], object]:
    return lambda row: row.get(key)


def _products(row: Row) -> str:
    return ", ".join(PRODUCT.names.get(code, (code,))[0] for code in row["products"])


def _places(row: Row) -> str:
    names = [COUNTRY_NAMES.get(code, code) for code in row["makes_in"]]
    rest = f" and {len(names) - _PLACES} more" if len(names) > _PLACES else ""
    return ", ".join(names[:_PLACES]) + rest


def _about(row: Row) -> str:
    return f"{row['description']} (by {', '.join(row['keys'])})"


def _number(value: float) -> str:
    """A parameter's value as a configuration may write it; large ones in words.

    >>> _number(0.02235), _number(3e8)
    ('0.02235', '300 m')
    """
    return f"{value:.4g}" if abs(value) < _LARGE else short(value)


def _value(row: Row) -> str:
    given = row.get("given", row.get("value"))
    if isinstance(given, Mapping):
        return f"varies in {_number(given['low'])}..{_number(given['high'])}"
    if isinstance(given, list | tuple):
        return f"one of {', '.join(map(_number, given))}"
    within = f" ({_number(row['low'])}..{_number(row['high'])})" if "low" in row else ""
    return "" if given is None else f"{_number(given)}{within}"


def _with_unit(row: Row) -> str:
    return ", ".join(filter(None, (_value(row), str(row.get("unit", "")))))


def _meaning(row: Row) -> str:
    """First part of what is noted on a parameter, and the grade of its evidence."""
    what = str(row.get("note", "")).split("; ")[0]
    return f"{what} ({row['evidence']})" if row.get("evidence") else what


def _measure(row: Row) -> str:
    return f"{row['title']} ({', '.join(row['status'])})"


def _country(key: str) -> Callable[[Row], str]:
    return lambda row: COUNTRY_NAMES.get(row[key], str(row[key]))


def _since(row: Row) -> str:
    switches = ", ".join(row.get("switches", ()))
    return row["first_day"] or (f"by switch {switches}" if switches else "always")


def _law(row: Row) -> str:
    return str(row.get("law", "policy"))


def _reform_days(row: Row) -> str:
    from sim.experiments.spec.policy import days_told

    return days_told((row["first_day"], row["last_day"])) if row["kind"] == "named" else ""


def _reform(row: Row) -> str:
    keys = f" Keys: {', '.join(row['keys'])}." if row.get("keys") else ""
    made = ", ".join(str(one.get("op", one.get("name"))) for one in row.get("reforms", ()))
    return f"{row['title']}{keys}{f' ({made})' if made else ''}"


KINDS: dict[str, Kind] = {
    "firms": Kind(
        "what they make, and where by output in 2017",
        rows.firms,
        {"id": _cell("id"), "name": _cell("name"), "products": _products, "makes in": _places},
        ("data", "config"),
    ),
    "outcomes": Kind(
        "what a run records every month",
        rows.outcomes,
        {"name": _cell("name"), "unit": _cell("unit"), "kind": _cell("kind"), "what": _about},
        ("config",),
    ),
    "parameters": Kind(
        "as `parameters` and `uncertainties` write them",
        rows.parameters,
        {"key": _cell("key"), "value (range), unit": _with_unit, "meaning (evidence)": _meaning},
        ("data", "config"),
        ("note", "source_url"),
    ),
    "instruments": Kind(
        "measures of the law on duties",
        rows.instruments,
        {"id": _cell("id"), "importer": _country("importer"), "first day": _cell("first_day"),
         "title": _measure},
        ("law", "config"),
        ("legal_basis", "source_url"),
    ),
    "rules": Kind(
        "what the law on export control holds",
        rows.rules,
        {"id": _cell("id"), "by": _country("authority"), "first day": _since,
         "title": _cell("title")},
        ("law", "config"),
        ("citation", "source_url"),
    ),
    "reforms": Kind(
        "names that `use` knows, operations that `reforms` holds",
        reforms,
        {"name": _cell("name"), "of": _law, "days": _reform_days, "what it does": _reform},
        ("law", "config"),
        ("description",),
    ),
}  # fmt: skip
"""Word of the command -> what it lists."""
