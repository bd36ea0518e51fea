"""``kyoten law``: what a good pays and why, through time and under other laws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.law.laws import (
    Config,
    Laws,
    Overlays,
    Policy,
    compared,
    day,
    law_of,
    written_day,
)
from sim.cli.law.licence import licence
from sim.cli.render import AsJson

if TYPE_CHECKING:
    from sim.law.law import Law
    from sim.law.telling.difference import Change
    from sim.law.telling.public_money import ActChange

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Duties and licences: rate, explain, compare.",
)
app.command()(licence)

On = Annotated[str, typer.Option("--on", help="Day, YYYY-MM-DD.", metavar="DATE")]
Claim = Annotated[str | None, typer.Option(help="`best` or an agreement; left out: no preference.")]
Content = Annotated[float, typer.Option(help="Approved US share of a USMCA vehicle's value, 0..1.")]


@app.command()
def show(
    identity: Annotated[
        str | None, typer.Argument(help="Instrument, subsidy or agreement; left out: list them.")
    ] = None,
    laws: Laws = None,
    as_json: AsJson = False,
) -> None:
    """Show a measure, subsidy or agreement with its dated values and sources, or list them all."""
    from sim.cli.law.pages import show_agreement, show_instrument, show_list
    from sim.cli.law.subsidies import show_subsidy

    law = law_of(laws or ())
    if identity is None:
        show_list(law, as_json)
    elif identity in {agreement.id for agreement in law.agreements}:
        show_agreement(law, identity, as_json)
    elif identity in {act.id for act in law.subsidies}:
        show_subsidy(law.subsidy(identity), as_json)
    else:
        _refuse_unknown(law, identity)
        show_instrument(law, identity, as_json)


def _refuse_unknown(law: Law, identity: str) -> None:
    """Refuse an id that no instrument, subsidy or agreement has."""
    from sim.errors import Fault, LawError, nearest

    known = [one.id for part in (law.instruments, law.subsidies, law.agreements) for one in part]
    if identity not in known:
        wrong = f"`{identity}` is no instrument, subsidy or agreement"
        raise LawError(Fault("", "ID", wrong, nearest(identity, known)))


@app.command()
def rate(
    exporter: Annotated[str | None, typer.Argument(help="Origin, by code or name.")] = None,
    importer: Annotated[str | None, typer.Argument(help="Country of entry, likewise.")] = None,
    product: Annotated[str | None, typer.Argument(help="Product, by code or name.")] = None,
    on: Annotated[str | None, typer.Option(help="Day, YYYY-MM-DD.", metavar="DATE")] = None,
    claim: Claim = None,
    us_content: Content = 0.0,
    cases: Annotated[Path | None, typer.Option(help="CSV: exporter,importer,product,on.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV to write for --cases.")] = None,
    laws: Laws = None,
    config: Config = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Rate one flow on one day, or every row of a CSV."""
    from sim.cli.law.pages import rate_cases, show_rate
    from sim.errors import Fault, LawError
    from sim.law.questions import codes

    law = law_of(laws or (), config, policy)
    if cases is not None:
        rate_cases(law, cases, out, as_json)
        return
    if exporter is None or importer is None or product is None or on is None:
        cure = "give EXPORTER IMPORTER PRODUCT --on DATE, or --cases IN.csv --out OUT.csv"
        raise LawError(Fault("", "law rate", "something is missing", cure))
    flow = codes(exporter, importer, product)
    show_rate(law, flow, day(on), claim, us_content, as_json)


@app.command()
def explain(
    exporter: Annotated[str, typer.Argument(help="Origin, by code or name.")],
    importer: Annotated[str, typer.Argument(help="Country of entry, likewise.")],
    product: Annotated[str, typer.Argument(help="Product, by code or name.")],
    on: On,
    claim: Claim = None,
    us_content: Content = 0.0,
    laws: Laws = None,
    config: Config = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Say which measures make the duty, under which authority, and what is in doubt."""
    from dataclasses import asdict

    from sim.cli.law.pages import show_explanation
    from sim.cli.render import print_json
    from sim.law.questions import codes
    from sim.law.telling.explain import explain as explained

    law = law_of(laws or (), config, policy)
    flow = codes(exporter, importer, product)
    explanation = explained(law, *flow, day(on), claim, us_content)
    if as_json:
        print_json(asdict(explanation) | {"sum": explanation.sum})
    else:
        show_explanation(explanation)


@app.command()
def timeline(
    importer: Annotated[
        str, typer.Argument(help="Country of entry, by code or name; alone, the id of a subsidy.")
    ],
    product: Annotated[
        str | None, typer.Argument(help="Product, by code or name; left out for a subsidy.")
    ] = None,
    exporter: Annotated[
        list[str] | None, typer.Option(help="Origin; may be given again. Default: all.")
    ] = None,
    claim: Claim = None,
    laws: Laws = None,
    config: Config = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Show every rate that a product has paid in a market, and who is paid for making it."""
    from dataclasses import asdict

    from sim.cli.law.pages import show_timeline
    from sim.cli.law.subsidies import show_act_spells
    from sim.cli.render import print_json
    from sim.law.telling.public_money import act_spells, acts_for
    from sim.law.telling.timeline import timeline as timeline_of
    from sim.spelling import COUNTRY, PRODUCT

    law = law_of(laws or (), config, policy)
    market, good = COUNTRY.code(importer), product and PRODUCT.code(product)
    origins = [COUNTRY.code(one) for one in exporter] if exporter else None
    spells = timeline_of(law, market, good, origins, claim) if good else ()
    acts = acts_for(law, good) if good else [law.subsidy(importer)]
    paid = act_spells(() if origins else acts)
    if as_json:
        print_json([*map(asdict, spells), *map(asdict, paid)])
        return
    if good:
        show_timeline(law, market, good, spells, claim)
    if paid:
        show_act_spells(
            f"Subsidies for making {good}" if good else law.subsidy(importer).title, paid
        )


@app.command()
def diff(
    first: Annotated[
        str,
        typer.Argument(
            metavar="A", help="A law (`as_enacted`, reform, file, folder, policy) or a day."
        ),
    ],
    second: Annotated[str, typer.Argument(metavar="B", help="Another law or day.")],
    start: Annotated[str, typer.Option("--from", help="First day (laws only).")] = "2017-01-01",
    end: Annotated[str, typer.Option("--to", help="Last day (laws only).")] = "2030-12-31",
    claim: Claim = None,
    importer: Annotated[str | None, typer.Option(help="Only this market.")] = None,
    exporter: Annotated[str | None, typer.Option(help="Only this origin.")] = None,
    product: Annotated[str | None, typer.Option(help="Only this product.")] = None,
    overlays: Overlays = None,
    config: Config = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Show what changes between two laws (reforms, files, policies of --config) or two days."""
    from dataclasses import asdict

    from sim.cli.law.pages import show_changes
    from sim.cli.law.subsidies import show_act_changes
    from sim.cli.render import print_json
    from sim.law.telling.difference import between_days, between_laws
    from sim.law.telling.public_money import acts_between_days, acts_between_laws

    laid = list(overlays or ())
    days = [written_day(first), written_day(second)]
    if days[0] is not None and days[1] is not None:
        law = law_of(laid, config, policy)
        changes = between_days(law, days[0], days[1], claim)
        acts = acts_between_days(law, days[0], days[1])
    else:
        pair = compared((first, second), laid, config, policy)
        changes = between_laws(*pair, day(start), day(end), claim)
        acts = acts_between_laws(*pair, day(start), day(end))
    kept = list(filter(_about(exporter, importer, product), changes))
    paid = [act for act in acts if _made_there(act, exporter, importer, product)]
    if as_json:
        print_json([*map(asdict, kept), *map(asdict, paid)])
        return
    show_changes(first, second, kept)
    show_act_changes(first, second, paid)


def _made_there(
    act: ActChange, exporter: str | None, importer: str | None, product: str | None
) -> bool:
    """Whether an act pays for what was asked for in that place; asked of a route, none does."""
    from sim.spelling import COUNTRY, PRODUCT

    place, good = importer and COUNTRY.code(importer), product and PRODUCT.code(product)
    return not exporter and good in (None, *act.products) and place in (None, *act.places)


def _about(
    exporter: str | None, importer: str | None, product: str | None
) -> Callable[[Change], bool]:
    """Whether a change is about what was asked for, each as a code or a name, or left out."""
    from sim.errors import LawError
    from sim.law.rates.schedule import unknown_codes
    from sim.spelling import COUNTRY, PRODUCT

    origin, market = (word and COUNTRY.code(word) for word in (exporter, importer))
    good = product and PRODUCT.code(product)
    if faults := unknown_codes(origin, market, good):
        raise LawError(faults)
    return lambda change: (
        market in (None, change.importer)
        and good in (None, change.product)
        and (origin is None or origin in change.exporters)
    )
