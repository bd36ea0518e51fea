"""The three sentences: how much and where, what drives it, how sure that is; and the doubts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.axes import VEHICLES
from sim.results.answer.assumptions import CLEAR, Assumptions
from sim.results.answer.drivers import REASONS, Driven
from sim.results.answer.measures import VEHICLES_UNIT, Measured
from sim.results.answer.parameter_spread import ParameterSpread
from sim.results.answer.speech import Sentence, Speech, listed, quoted
from sim.results.answer.subject import NAMED, Subject
from sim.results.names import place_in_words

Names = Mapping[str, str]
"""Id of a firm or policy -> its name."""
LEAST_REASON = 0.1
"""Part of the moves that a reason must explain to be told."""
OF_LAW = ("duty", "controls", "subsidy")
"""Reasons that are law: each is told, however little it explains."""
ALL = 0.995
"""Part from which a reason is told as that of all moves."""
WEAK = ("recalled", "estimated")
"""Grades of evidence that no source stands behind."""


def how_much(
    found: Measured, told: list[Subject], names: Names, over: ParameterSpread | None = None
) -> Sentence:
    """From where to where, how much and who; the second largest change behind it.

    ``over`` tells how far the draws of the parameters take the first of them.
    """
    speech = Speech()
    clauses = [_clause(speech, found, subject, names) for subject in told[:2]]
    if over is not None:
        clauses[0] += _over_draws(speech, over, told[0])
    text = "; ".join(clauses)
    both = f"Under {quoted(names[found.policy])}, compared with {quoted(names[found.against])}, "
    return speech.end(f"{both}{text}.")


def _over_draws(speech: Speech, over: ParameterSpread, subject: Subject) -> str:
    """Range of nine draws in ten, and its factor where both ends have one sign."""
    ends = sorted((over.low, over.high), key=lambda end: end * subject.lead.difference)
    low = speech.size(ends[0], subject.lead, unit=False)
    high = speech.size(ends[1], subject.lead)
    draws = speech.count(over.draws)
    text = f"; nine in ten of {draws} draws of the parameters say {low} to {high}"
    if math.isnan(over.factor):
        return text
    return f"{text}, a factor of {speech.ratio(over.factor)}"


def _clause(speech: Speech, found: Measured, subject: Subject, names: Names) -> str:
    if subject.kind == "moved":
        return _moved(speech, found, subject, names)
    if subject.kind == "output":
        return _output(speech, found, subject)
    return _tools(speech, found, subject, names)


def _moved(speech: Speech, found: Measured, subject: Subject, names: Names) -> str:
    lead = subject.lead
    where = place_in_words(lead.from_country)
    size = speech.amount(lead)
    if lead.difference > 0:
        text = f"{size} a year of production has moved out of {where} by the end of {found.year}"
        ways = [
            f"{speech.amount(one, unit=False)} to {place_in_words(one.country)}"
            for one in subject.parts
        ]
        text += f" ({', '.join(ways)})" if ways else ""
    else:
        text = f"{size} a year of production stays in {where} until the end of {found.year}"
        ways = [place_in_words(one.country) for one in subject.parts]
        text += f" that would move to {listed(ways)}" if ways else ""
    firms = [names.get(one.firm, one.firm) for one in subject.firms]
    return f"{text}, most of it by {listed(firms)}" if firms else text


def _output(speech: Speech, found: Measured, subject: Subject) -> str:
    goods = "vehicles" if subject.lead.unit == VEHICLES_UNIT else "goods"
    parts = []
    for number, one in enumerate(subject.parts):
        amount = speech.amount(one, unit=not number and goods == "goods")
        change = "higher" if one.difference > 0 else "lower"
        parts.append(f"{amount} {change} in {place_in_words(one.country)}")
    return f"output of {goods} in {found.year} is {listed(parts)}"


_TOOLS = {
    "tool_sales": "Japanese makers sell {size} {more} of chip tools in China in {year}",
    "tool_sales_so_far": "Japanese makers have sold {size} {more} in China over the whole run",
    "tools_refused": "{size} {more} of orders are refused or withdrawn",
    "tools_waiting": "{size} {more} of orders wait for a licence",
    "tools_diverted": "{size} {more} of orders come over from American makers",
    "chinese_tools": "Chinese makers sell {size} {more}",
}
"""Measure of chip tools -> how a sentence tells its change."""


def _tools(speech: Speech, found: Measured, subject: Subject, names: Names) -> str:
    told = []
    for one in (subject.lead, *subject.parts):
        more = "more" if one.difference > 0 else "less"
        words = _TOOLS[one.measure]
        text = words.format(size=speech.amount(one), more=more, year=found.year)
        if one is subject.lead:
            firms = [names.get(maker.firm, maker.firm) for maker in subject.firms]
            text += f" ({listed(firms)} above all)" if firms else ""
        told.append(text)
    lead, *rest = told
    return f"{lead}; besides, {listed(rest)}" if rest else lead


def what_drives(found: Measured, told: list[tuple[Subject, Driven]]) -> Sentence:
    """The reasons of the moves and the instruments or rules that differ where it counts."""
    speech, parts, goods_told = Speech(), [], set()
    for subject, by in told[:2]:
        parts += _reasons(speech, by)
        if subject.lead.unit not in goods_told:
            parts += _measures(subject, by, found.year)
        goods_told.add(subject.lead.unit)
    if not parts:
        return speech.end(
            f"No duty and no rule of export control differs in {found.year}: what differed came"
            " before, or lies in parameters or firms' behaviour."
        )
    return speech.end(_capital("; ".join(dict.fromkeys(parts))))


def _reasons(speech: Speech, by: Driven) -> list[str]:
    told = [(name, part) for name, part in by.reasons.items() if part >= LEAST_REASON][:2]
    if not told:
        return []
    if told[0][1] >= ALL:
        return [f"{REASONS.get(told[0][0], told[0][0])} is the main reason of all that moves"]
    words = [f"{REASONS.get(name, name)} of {speech.percent(part)}" for name, part in told]
    words[0] = words[0].replace(" of ", " is the main reason of ", 1)
    rest = [name for name in OF_LAW if name not in dict(told)]
    acts = [f"{REASONS[name]} {speech.percent(by.reasons.get(name, 0.0))}" for name in rest]
    return [f"{' and '.join(words)} of what moves ({', '.join(acts)})"]


def _measures(subject: Subject, by: Driven, year: int) -> list[str]:
    if subject.kind == "tools":
        rules = _titles(by.rules)
        return [f"the rules of export control that differ: {rules}"] if rules else []
    if not by.told:
        return ["the run kept no duties, so that none is named"]
    goods = "vehicles" if subject.lead.unit == VEHICLES_UNIT else "goods"
    duties = _titles(by.instruments)
    return [f"the duties on {goods} that differ most in {year}: {duties}"] if duties else []


def _titles(titles: tuple[str, ...]) -> str:
    """The first few titles and how many more there are."""
    shown = [quoted(title) for title in titles[:NAMED]]
    more = len(titles) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else listed(shown)


def how_sure(subject: Subject, over: ParameterSpread | None = None) -> Sentence:
    """Whether futures agree, the range of futures, and apart from it the precision of the mean.

    Where parameters and seeds vary, it tells what part of the range is from which.
    """
    speech, total = Speech(), subject.lead
    known = total.spread
    if known.futures < 2:
        return speech.end("One run alone says nothing of how sure this is: ask for replications.")
    most = known.agree < known.futures
    agree = f"{speech.count(known.agree)} of" if most else "all"
    text = f"{agree} {speech.count(known.futures)} futures agree that {_direction(subject)}"
    if known.low == known.high:
        return speech.end(_capital(f"{text}, and every one gives the same {speech.amount(total)}"))
    low, high = speech.bounds(total, "futures_low", "futures_high")
    text += f"; eight in ten lie between {low} and {high} (range of futures"
    if over is not None and not math.isnan(over.from_parameters):
        text += f", {speech.percent(over.from_parameters)} of its variance from the parameters"
        text += " and the rest from chance"
    text += ")"
    low, high = speech.bounds(total, "low", "high")
    sure = f"the mean is known to lie between {low} and {high}"
    if known.low <= 0.0 <= known.high:
        sure = f"the mean, {low} to {high}, cannot be told from zero"
    return speech.end(_capital(f"{text}, while {sure} (precision of the mean)"))


def _direction(subject: Subject) -> str:
    lead = subject.lead
    rises = lead.difference > 0
    if subject.kind == "moved":
        where = place_in_words(lead.from_country)
        return f"production leaves {where}" if rises else f"production stays in {where}"
    if subject.kind == "tools":
        return f"{_DIRECTIONS[lead.measure]} {'higher' if rises else 'lower'}"
    return f"output is {'higher' if rises else 'lower'} in {place_in_words(lead.country)}"


_DIRECTIONS = {
    "tool_sales": "sales in China are",
    "tool_sales_so_far": "sales in China are",
    "tools_refused": "refused and withdrawn orders are",
    "tools_waiting": "waiting orders are",
    "tools_diverted": "orders from American makers' buyers are",
    "chinese_tools": "sales of Chinese makers are",
}


def _capital(text: str) -> str:
    """End a sentence and begin it with a capital letter."""
    return f"{text[0].upper()}{text[1:]}."


def on_assumptions(of: Assumptions) -> Sentence:
    """Whether the direction survives the parameters that varied."""
    speech = Speech()
    if not of.varied:
        return speech.end(
            "Only the random seed varies in this run, no parameter: whether the direction survives"
            " other assumptions is not tested here."
        )
    text = (
        f"The direction holds in {speech.count(of.agree)} of {speech.count(of.draws)} draws of"
        f" {speech.count(len(of.varied))} parameters"
    )
    if not of.leanings:
        return speech.end(f"{text}, too few draws to say which parameter decides.")
    first = of.leanings[0]
    if abs(first.correlation) < CLEAR / (of.draws - 1) ** 0.5:
        text += "; the size depends on none of them more than chance would make it seem"
    else:
        text += f"; the size depends most on `{first.parameter}` (rank correlation"
        text += f" {speech.signed(first.correlation)})"
    text += _unconstrained(of)
    turning = [one.parameter for one in of.leanings if one.turns]
    if turning:
        names = listed([f"`{name}`" for name in turning[:NAMED]])
        return speech.end(f"{text}; it turns between low and high values of {names}.")
    return speech.end(f"{text}; it is the same for low and for high values of each.")


def _unconstrained(of: Assumptions) -> str:
    """Parameters that move the answer by more than a third and that nothing observed constrains."""
    if not of.open:
        return ""
    names = listed([f"`{name}`" for name in of.open[:NAMED]])
    return f"; nothing observed constrains {names}, by which it moves more than a third"


def on_evidence(lines: pd.DataFrame, subject: Subject) -> Sentence | None:
    """How much of the base-year output behind a total rests on estimates; None without lines."""
    lead, tools = subject.lead, subject.kind == "tools"
    place = "" if tools else lead.from_country or lead.country
    weak = whole = 0.0
    for line in lines.to_dict("records"):
        own = line["product"] == "chip_tools" if tools else _counted_alike(line, lead.unit)
        made = _by_place(line)
        units = sum(made.values()) if tools else made.get(place, 0.0)
        whole += units * own
        weak += units * own * (line["evidence"] in WEAK)
    if whole <= 0 or weak <= 0:
        return None
    speech = Speech()
    goods = "vehicles" if lead.unit == VEHICLES_UNIT else "goods"
    what = "chip tools" if tools else f"{goods} in {place_in_words(place)}"
    part = "All" if weak == whole else speech.percent(weak / whole)
    return speech.end(
        f"{part} of the output of {what} in the base year is estimated, not reported."
    )


def _by_place(line: Mapping[Any, Any]) -> Mapping[str, float]:
    made = line.get("base_by_country")
    return made if isinstance(made, dict) else {}


def _counted_alike(line: Mapping[Any, Any], unit: str) -> bool:
    return (line["product"] in VEHICLES) == (unit == VEHICLES_UNIT)
