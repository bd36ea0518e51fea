"""Lanes' parameters of the chip-tool block, and what a law means for a lane's buyers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.decisions.buyers import BuyerTerms
from sim.decisions.licensing import permitted
from sim.law.controls.codes import CHINA_CODES, FREE_CODES, US_CODES
from sim.world.chip_tools.rulings import ToolLaw
from sim.world.customers import ToolMarket

_US_NAMES = {
    "LIC_APPROVE": "expected",
    "LIC_RFF_or_CBC": "exception",
    "LIC_CBC": "case_by_case",
    "LIC_PoD": "denial",
}


@dataclass(frozen=True, slots=True, eq=False)
class ToolTerms:
    """Parameters of the block as arrays; scalars are float64[R]."""

    values: Mapping[str, Floats]
    approve_us: Floats
    """float64[codes, R]."""
    wait_us: Floats
    approve_own: Floats
    """float64[3, R]: Japan's own list, its switch counted."""
    wait_own: Floats
    approve_rival: Floats
    """float64[3, R]: other countries' own lists."""
    approve_china: Floats
    """float64[codes, R]."""
    premium: Floats
    """float64[codes, R]: price rise of a material."""
    supply: Floats
    """float64[V, R]: makers' shares in Chinese purchases of 2017, Japan first."""
    buyers: BuyerTerms

    def __getitem__(self, name: str) -> Floats:
        return self.values[name]


def tool_terms(
    market: ToolMarket, line: int, parameters: Mapping[str, Floats], whole: bool = False
) -> ToolTerms:
    """Terms of all lanes; the block's parameters are those of its first line.

    ``whole`` switches every response on: what recorded billings hold does not depend on switches.
    """
    values = _values(line, parameters, whole)
    ones, on = np.ones_like(values["stock_kappa"]), values["japan_list_on"]
    japan, months = values["approve_japan"], np.maximum(1.0, values["wait_japan_months"])
    zero = 0.0 * ones
    shares = {"US": values["us_tool_share"], "NL": values["dutch_tool_share"]}
    rivals = [shares[code] for code in market.rivals]
    return ToolTerms(
        values=values,
        approve_us=np.stack([_us(code, values, "approve_{}", ones) for code in US_CODES]),
        wait_us=np.stack([_us_wait(code, values, zero) for code in US_CODES]),
        approve_own=np.stack([ones, ones, 1.0 - on * (1.0 - japan)]),
        wait_own=np.stack([zero, zero, on * months]),
        approve_rival=np.stack([ones, ones, japan]),
        approve_china=np.stack([_china(code, values, ones) for code in CHINA_CODES]),
        premium=np.stack([zero, *(values[name] for name in _PREMIUMS)]) * values["materials_on"],
        supply=np.stack([ones - sum(rivals, start=zero), *rivals]),
        buyers=_buyer_terms(values),
    )


_PREMIUMS = ("material_premium_licence", "material_premium_strict", "material_premium_ban")
"""Parameters of a material's price by China's answer, from the mildest."""


def _values(line: int, parameters: Mapping[str, Floats], whole: bool) -> dict[str, Floats]:
    """Parameters of a line, every switch on where ``whole``."""
    return {
        name: np.ones_like(rows[line]) if whole and name.endswith("_on") else rows[line]
        for name, rows in parameters.items()
    }


def _us_wait(code: str, values: Mapping[str, Floats], free: Floats) -> Floats:
    """Months to an American decision, float64[R]: at least one where a licence is asked for."""
    least = 1.0 if code in _US_NAMES else 0.0
    return np.maximum(least, _us(code, values, "wait_{}_months", free))


def _us(code: str, values: Mapping[str, Floats], name: str, free: Floats) -> Floats:
    """A parameter of American licences by code, float64[R]; ``free`` where none is asked for."""
    return values[name.format(_US_NAMES[code])] if code in _US_NAMES else free


def _china(code: str, values: Mapping[str, Floats], ones: Floats) -> Floats:
    """Probability of a Chinese licence for a tool: a strict one asks three times as much."""
    if code in FREE_CODES:
        return ones
    granted = values["approve_china"]
    return {"CN_LIC": granted, "CN_LIC_STRICT": granted**3, "CN_BAN": 0.0 * ones}[code]


def _buyer_terms(values: Mapping[str, Floats]) -> BuyerTerms:
    """Terms of buyers; responses that a lane switches off have no strength."""
    return BuyerTerms(
        jump=values["stock_jump"],
        half_life=values["stock_half_life_months"],
        fear_share=values["fear_share"],
        kappa=values["stock_kappa"] * values["stock_on"],
        speed=values["stock_speed"],
        lag=np.rint(values["stock_lag_months"]).astype(np.int64),
        substitution=values["substitution_share"] * values["diversion_on"],
        substitution_months=values["substitution_months"],
        slope=values["localisation_slope"] * values["localisation_on"],
        localisation_months=values["localisation_months"],
        start_share=values["localisation_2017"],
        trend=values["localisation_trend"],
        least_purchase=values["least_purchase_share"],
        most_local=values["most_local_share"],
        obeys=values["local_rule_share"] * values["localisation_on"],
        incomplete=values["incomplete_share"],
    )


class LawView:
    """What the laws in use mean for buyers, month by month and lane by lane."""

    def __init__(
        self, market: ToolMarket, laws: Sequence[ToolLaw], law: Ints, terms: ToolTerms, home: Floats
    ) -> None:
        self.laws, self.law, self.terms = laws, law, terms
        self._mixes = np.stack([home, *market.rival_mix])[:, market.group]
        self._makers = len(self._mixes)
        self._feared = terms.supply.copy()
        self._feared[0] *= terms["japan_list_on"]

    def reached(self, month: int, band: Ints, ahead: Floats) -> Floats:
        """Share of purchases that rules reach, float64[U, R]; ``ahead`` counts announced ones."""
        terms = self.terms
        out = 0.0
        for one, part in ((True, ahead), (False, 1.0 - ahead)):
            grids = np.stack(
                [
                    (law.reach.announced if one else law.reach.in_force)[:, month]
                    for law in self.laws
                ],
                axis=1,
            )
            chosen = grids[:, self.law, :, :, band]
            needs, denied = chosen[..., 0, :, :], chosen[..., 1, :, :]
            weight = terms["licence_weight"][:, None, None]
            felt = weight * needs + denied
            for maker, supply in enumerate(self._feared):
                out = out + part * supply * felt[:, maker].T
        return np.asarray(out)

    def denied(self, month: int, maker: int) -> Floats:
        """Share of a maker's sales that the law is expected to deny, float64[U, R]."""
        lanes = len(self.law)
        own = self.terms.approve_own if maker == 0 else self.terms.approve_rival
        out = np.zeros((self._mixes.shape[1], lanes))
        for number, law in enumerate(self.laws):
            us, asked = law.reach.us[month, maker], law.reach.own[month, maker]
            here = np.flatnonzero(self.law == number)
            if here.size and (us.any() or asked.any()):
                odds = permitted(us, asked, self.terms.approve_us[:, here], own[:, here])
                for kind in range(odds.shape[1]):
                    weight = self._mixes[maker][:, kind, None]
                    out[:, here] += weight * (1.0 - odds[:, kind])
        return out

    def floor(self, month: int) -> Floats:
        """Share of Chinese tools that China asks of buyers, float64[U, R]."""
        return np.stack([law.floor[month] for law in self.laws], axis=1)[:, self.law]

    @property
    def rivals(self) -> range:
        """Numbers of the makers outside Japan."""
        return range(1, self._makers)
