"""How ``kyoten law`` prints measures, rates, explanations, timelines and differences."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from sim.cli.render import console, print_json, print_table, say_wrapped, strong
from sim.errors import Fault, LawError
from sim.law.agreement import OriginRule, Preference
from sim.law.instrument import FOREVER, Instrument, Provenance
from sim.law.law import Law
from sim.law.rates.schedule import Rate, rate
from sim.law.telling.difference import Change
from sim.law.telling.explain import Explanation, claiming
from sim.law.telling.timeline import Spell
from sim.law.telling.wording import BASES, percent, place


def show_list(law: Law, as_json: bool) -> None:
    """Every instrument and agreement, one a line."""
    rows = [
        (i.id, i.importer, BASES[i.basis], _scope(i.exporters, 6), _scope(i.products, 4), i.title)
        for i in law.instruments
    ]
    if as_json:
        keys = ("id", "importer", "basis", "exporters", "products", "title")
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
        return
    shown = [
        (i.id, i.importer, min(value.start for value in i.values) if i.values else "", i.title)
        for i in law.instruments
    ]
    print_table("Instruments", ("instrument", "by", "from", "title"), shown)
    acts = [
        (act.id, act.giver, act.kind, "told only" if act.silent else "", act.title)
        for act in law.subsidies
    ]
    print_table("Subsidies", ("act", "by", "kind", "counts", "title"), acts)
    members = [(a.id, ", ".join(code for code, _ in a.members), a.title) for a in law.agreements]
    print_table("Agreements", ("agreement", "members", "title"), members)
    say_wrapped("Goods, rates, days and sources of one: kyoten law show ID", hang=0)


def show_instrument(law: Law, identity: str, as_json: bool) -> None:
    """One instrument: what it is, whom it reaches, its dated values."""
    measure = law.instrument(identity)
    if as_json:
        print_json(asdict(measure))
        return
    screen = console()
    screen.print(strong(measure.title), f" ({measure.id}, {measure.file})")
    for name, text in _facts(law, measure):
        say_wrapped(f"  {name}: {text}")
    rows = [
        (
            value.start, value.end or "", "" if value.rate is None else percent(value.rate),
            value.kind, value.status, value.announced or "",
            f"{value.provenance.confidence}, {value.provenance.evidence}",
        )
        for value in measure.values
    ]  # fmt: skip
    columns = ("from", "to", "rate", "kind", "status", "announced", "record")
    print_table("Values", columns, rows)
    for value in measure.values:
        known = value.provenance
        say_wrapped(f"  {value.start}: {f'{known.note}; ' if known.note else ''}{known.source}")


def _facts(law: Law, measure: Instrument) -> list[tuple[str, str]]:
    facts = [
        ("authority", f"{measure.legal_basis} [{BASES[measure.basis]}]"),
        ("charged by", measure.importer),
        ("on goods of", _scope(measure.exporters, 99)),
        ("products", _scope(measure.products, 99)),
        ("stacks in", measure.group),
    ]
    if measure.partly:
        facts.append(("some lines of", _scope(measure.partly, 99)))
    for carve in measure.excludes:
        flows = _scope((*carve.exporters, *carve.products), 40)
        facts.append(("except", f"{flows} {_days(carve.start, carve.end)} {carve.note}"))
    for relief in measure.relief:
        kinds = {"exempt": "goods", "content": "the US content of goods"}
        what = kinds.get(relief.effect, f"{percent(relief.share)} of the duty on goods")
        text = f"{what} claiming {relief.agreement} {_days(relief.start, relief.end)} {relief.note}"
        facts.append(("spares", text))
    last = law.stacking.last_day(measure.group)
    if last < FOREVER:
        facts.append(("group ended", last.isoformat()))
    return facts + ([("note", measure.note)] if measure.note else [])


def show_agreement(law: Law, identity: str, as_json: bool) -> None:
    """One agreement: members, rules of origin, preferential rates."""
    agreement = law.agreement(identity)
    rates = [row for row in law.preferences if row.agreement == identity]
    if as_json:
        print_json(asdict(agreement) | {"preferences": [asdict(row) for row in rates]})
        return
    console().print(strong(agreement.title), f" ({agreement.id})")
    print_table("In force", ("member", "since"), agreement.members)
    columns = ("products", "days", "regional value", "change of heading", "record")
    print_table("Rules of origin", columns, [_rule_row(rule) for rule in agreement.rules])
    heads = ("by", "of", "products", "days", "rate", "record")
    print_table("Preferential rates", heads, [_preference_row(row) for row in rates])


def _rule_row(r: OriginRule) -> tuple[object, ...]:
    content = "" if r.value_content is None else f"{percent(r.value_content)} {r.method}"
    both = f", {r.combine}" if content and r.tariff_shift else ""
    shift = f"{r.tariff_shift or ''}{both}"
    return _scope(r.products, 4), _days(r.start, r.end), content, shift, _record(r.provenance)


def _preference_row(r: Preference) -> tuple[object, ...]:
    return (
        r.importer,
        _scope(r.exporters, 6),
        _scope(r.products, 4),
        _days(r.start, r.end or FOREVER),
        percent(r.rate),
        _record(r.provenance),
    )


def _record(known: Provenance) -> str:
    return f"{known.evidence}; {known.note}" if known.note else known.evidence


def show_rate(
    law: Law, flow: tuple[str, str, str], on: date, claim: str | None, content: float, as_json: bool
) -> None:
    """The duty of one flow on one day."""
    answer = rate(law, *flow, on, claim, content)
    if as_json:
        print_json(_scripted(answer))
        return
    title = f"{' '.join(flow)} on {on}, {claiming(law.claim(claim))}: {percent(answer.total)}"
    rows = [(part.instrument, percent(part.rate)) for part in answer.components]
    console().print(strong(title))
    print_table("", ("instrument", "rate"), rows)
    for part in answer.components:
        say_wrapped(f"  {part.instrument}: {part.source}")


def _scripted(answer: Rate) -> dict[str, object]:
    """A rate in the fixed form that scripts rely on."""
    parts = [
        {"instrument": part.instrument, "rate": part.rate, "source": part.source}
        for part in answer.components
    ]
    return {"rate": answer.total, "components": parts}


def rate_cases(law: Law, cases: Path, out: Path | None, as_json: bool) -> None:
    """Rate every row of a CSV and write it with ``rate_share`` and ``components``."""
    import pandas as pd

    from sim.law.rates.tabular import rate_components, rates

    if not cases.is_file():
        raise LawError(Fault(str(cases), "", "no such file", "give a CSV"))
    try:
        table = pd.read_csv(cases, dtype=str, keep_default_na=False)
        table["rate_share"] = rates(law, table)
    except LawError as error:
        placed = [Fault(str(cases), f.key, f.wrong, f.cure, f.line) for f in error.faults]
        raise LawError(placed) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise LawError(Fault(str(cases), "", f"not a CSV: {error}", "mend the file")) from error
    table["components"] = rate_components(law, table)
    if out is not None:
        _write(table.to_csv(index=False, lineterminator="\n"), out)
    if as_json:
        print_json(table.to_dict("records"))
    elif out is not None:
        console().print(f"{len(table):,} rows written to {out}")
    else:
        print_table(str(cases), list(table.columns), table.to_numpy().tolist())


def _write(text: str, out: Path) -> None:
    """Write whole or not at all."""
    if not out.parent.is_dir():
        raise LawError(Fault(str(out), "", "its folder does not exist", f"make {out.parent}"))
    half = out.with_name(f".{out.name}.part")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


def show_explanation(answer: Explanation) -> None:
    """An explanation as a page of text."""
    screen = console()
    screen.print(strong(f"{answer.question}: {percent(answer.total)} of the customs value"))
    for number, step in enumerate(answer.steps, 1):
        since = f" since {step.since}" if step.since else ""
        screen.print()
        say_wrapped(f" {number}. {step.title}: {percent(step.rate)}{since}")
        say_wrapped(f"    {step.legal_basis}  ({step.instrument})")
        known = step.provenance
        say_wrapped(f"    source: {known.source}")
        screen.print(f"    confidence {known.confidence}, evidence {known.evidence}")
    screen.print(f"\n Sum: {answer.sum}")
    _section(
        "Set aside",
        [f"{a.title} ({percent(a.rate)}, {a.instrument}): {a.reason}" for a in answer.set_aside],
    )
    _section("Preferences that may be claimed", answer.preferences)
    _section("Doubts", answer.doubts)


def _section(title: str, lines: Sequence[str]) -> None:
    if lines:
        console().print(f"\n {title}")
        for line in lines:
            say_wrapped(f"  - {line}")


def show_timeline(
    law: Law, importer: str, product: str, spells: Sequence[Spell], claim: str | None
) -> None:
    """Every rate with its days and parts, origins with the same history told together."""
    histories: dict[tuple[tuple[object, ...], ...], list[str]] = {}
    for exporter in dict.fromkeys(spell.exporter for spell in spells):
        history = tuple(_spell_row(spell) for spell in spells if spell.exporter == exporter)
        histories.setdefault(history, []).append(exporter)
    how = claiming(law.claim(claim))
    for rows, exporters in histories.items():
        title = f"{product} of {', '.join(map(place, exporters))} into {place(importer)}, {how}"
        print_table(title, ("from", "to", "rate", "made of"), rows)
    if claim is None:
        _unclaimed(law, importer, product, {spell.exporter for spell in spells})


def _unclaimed(law: Law, importer: str, product: str, exporters: Collection[str]) -> None:
    """Tell who could claim a preference, so that a rate without one is not taken for theirs."""
    held: dict[str, list[str]] = {}
    for row in law.preferences:
        if row.importer == importer and product in row.products:
            own = held.setdefault(row.agreement, [])
            own += [one for one in row.exporters if one in exporters and one not in own]
    told = [f"{name} ({', '.join(map(place, own))})" for name, own in held.items() if own]
    if told:
        console().print(f"Agreements have rates of their own: {'; '.join(told)}.")
        console().print("Ask with `--claim best`, or for one of them.")


def _spell_row(spell: Spell) -> tuple[object, ...]:
    parts = " + ".join(f"{part.instrument} {percent(part.rate)}" for part in spell.components)
    return spell.start, spell.end or "", percent(spell.rate), parts


def show_changes(first: str, second: str, changes: Sequence[Change]) -> None:
    """Changed rates, one line for flows that change alike."""
    rows = [
        (
            c.importer,
            _scope(c.exporters, 15),
            c.product,
            c.start,
            c.end,
            percent(c.first),
            percent(c.second),
            f"{round(100.0 * (c.second - c.first), 6):+g} points",
        )
        for c in changes
    ]
    columns = ("importer", "exporters", "product", "from", "to", "A", "B", "change")
    print_table(f"Differences ({len(rows)}); A: {first}, B: {second}", columns, rows)


def _scope(words: Sequence[str], most: int) -> str:
    shown = ", ".join(words[:most])
    return f"{shown}, ... ({len(words)})" if len(words) > most else shown or "none as a whole"


def _days(start: date, end: date) -> str:
    since = f"from {start}" if start > date.min else ""
    until = f"to {end}" if end < FOREVER else ""
    return " ".join(part for part in (since, until) if part)
