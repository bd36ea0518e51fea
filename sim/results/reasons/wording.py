"""Words for moves: what a firm does, when, by what it gains."""

from __future__ import annotations

from collections.abc import Mapping

from sim.axes import PRODUCT_NAMES
from sim.results.answer.drivers import REASONS
from sim.results.names import place_in_words
from sim.results.numbers import money

_ACTS = {
    "transfer": "moves {what}{market} from {source} to its plant in {target}",
    "brownfield": "moves {what}{market} from {source} to its site in {target}, which it enlarges",
    "open": "opens a plant in {target} for {what}{market} that it made in {source}",
    "shared": "moves {what}{market} from {source} to {target}, by sharing a plant with {partner}",
    "ems": "hands {what}{market} that it made in {source} to a contract maker in {target}",
    "return": "brings {what}{market} back from {source} to {target}",
    "expand": "enlarges its plant for {what} in {target}",
    "close": "closes part of its plant for {what} in {source}",
    "exit": "gives up making {what} in {source}",
    "mothball": "leaves part of its plant for {what} in {source} idle",
    "restart": "puts its idle plant for {what} in {target} to work again",
    "partner": "takes {partner} as technology partner for {what} in {target}",
}
"""Kind of a relocation -> what the firm does."""
_SHORT = {
    "expand": "{what}, more room in {target}",
    "close": "{what}, part of a plant closed in {source}",
    "exit": "{what}, given up in {source}",
    "mothball": "{what}, part of a plant idle in {source}",
    "restart": "{what}, idle plant at work again in {target}",
    "partner": "{what} in {target}, with {partner}",
}
"""The same in the fewest words; work that moves is told by its two places."""
_WAYS = {
    "transfer": "its plant",
    "brownfield": "its enlarged site",
    "open": "a new plant",
    "shared": "a shared plant",
    "ems": "a contract maker",
}
"""Way of a move -> who would make it there."""
_ENDS = {
    "close": "stops",
    "exit": "stops",
    "mothball": "idle from",
    "restart": "works again from",
    "partner": "full range",
}
"""Kind -> what happens in the month that it takes effect; first output for the others."""
LEAST_PART = 0.01
"""Part of all drivers, by size, below which one is not told."""


def goods(product: str) -> str:
    """Name of a product inside a sentence.

    >>> goods("phones_laptops"), goods("ev_batteries"), goods("cars")
    ('phones and laptops', 'EV batteries', 'passenger cars')
    """
    name = PRODUCT_NAMES.get(product, product.replace("_", " "))
    return name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def act(move: Mapping[str, str]) -> str:
    """What a firm does: ``kind, product, from_country, to_country, market, partner``."""
    return _filled(_ACTS[move["kind"]], move)


def short_act(move: Mapping[str, str]) -> str:
    """The same as :func:`act` in the fewest words.

    >>> short_act(
    ...     {
    ...         "kind": "transfer",
    ...         "product": "printers",
    ...         "from_country": "CN",
    ...         "to_country": "VN",
    ...         "market": "US",
    ...         "partner": "",
    ...     }
    ... )
    'printers for the United States, China to Vietnam'
    """
    return _filled(_SHORT.get(move["kind"], "{what}{market}, {source} to {target}"), move)


def _filled(form: str, move: Mapping[str, str]) -> str:
    market, ends = move["market"], (move["from_country"], move["to_country"])
    source, target = (place_in_words(code) if code else "" for code in ends)
    return form.format(
        what=goods(move["product"]),
        market=f" for {place_in_words(market)}" if market else "",
        source=source,
        target=target,
        partner=move["partner"],
    )


def way_in_words(way: str) -> str:
    """Who makes it at another place.

    >>> way_in_words("open")
    'a new plant'
    """
    return _WAYS[way]


def takes_effect(kind: str, month: str) -> str:
    """What happens in the month in which a move takes effect.

    >>> takes_effect("transfer", "2019-12-01"), takes_effect("close", "2019-12-01")
    ('first output 2019-12', 'stops 2019-12')
    """
    return f"{_ENDS.get(kind, 'first output')} {month[:7]}"


def by_drivers(drivers: Mapping[str, float]) -> str:
    """Drivers in USD a year, the largest first; those that hardly count are left out."""
    whole = sum(abs(value) for value in drivers.values())
    ordered = sorted(drivers.items(), key=lambda one: -abs(one[1]))
    return ", ".join(
        f"{REASONS.get(name, name)} {money(value, signed=True)}"
        for name, value in ordered
        if abs(value) >= LEAST_PART * whole and value
    )


def futures(count: int, of: int) -> str:
    """In how many of the futures.

    >>> futures(6, 8), futures(8, 8), futures(0, 8)
    ('in 6 of 8 futures', 'in all 8 futures', 'in none of 8 futures')
    """
    some = f"{count} of" if count else "none of"
    return f"in {'all' if count == of else some} {of} futures"
