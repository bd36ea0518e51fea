"""``kyoten law licence``: may this tool, or this material, be shipped, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.law.laws import Config, Overlays, Policy, experiment_of
from sim.cli.render import AsJson

if TYPE_CHECKING:
    from datetime import date

    from sim.law.controls import ControlLaw, Decision, MaterialDecision, Switches


def licence(
    tool_class: Annotated[
        str | None, typer.Option(help="3B001, 3B991, 3B993, DUV1980, ...")
    ] = None,
    us_content: Annotated[
        float | None, typer.Option(help="Value share of controlled US parts, 0.05 is 5 %.")
    ] = None,
    made: Annotated[str | None, typer.Option(help="Country of manufacture.")] = None,
    shipped_from: Annotated[str | None, typer.Option(help="Country of export.")] = None,
    to: Annotated[str | None, typer.Option(help="Country of destination.")] = None,
    customer: Annotated[str | None, typer.Option(help="Customer, or `unlisted`.")] = None,
    owner: Annotated[str | None, typer.Option(help="Its owner.")] = None,
    owner_share: Annotated[float | None, typer.Option(help="What the owner holds, 0..1.")] = None,
    node: Annotated[
        str | None,
        typer.Option(
            help="advanced_logic, advanced_dram, nand or mature; the customer's by default."
        ),
    ] = None,
    on: Annotated[str | None, typer.Option(help="Day of the shipment, as 2025-02-15.")] = None,
    wafer_mm: Annotated[int | None, typer.Option(help="200: a 200 mm tool to such a fab.")] = None,
    material: Annotated[
        str | None, typer.Option(help="A material instead of a tool: gallium, dysprosium, ...")
    ] = None,
    party: Annotated[str, typer.Option(help="Buyer of the material.")] = "",
    content: Annotated[
        float | None, typer.Option(help="Value share of Chinese rare earths, 0.001 is 0.1 %.")
    ] = None,
    military: Annotated[bool, typer.Option("--military", help="Military user or use.")] = False,
    switch: Annotated[
        list[str] | None, typer.Option(help="Answer an open legal question: NAME=VALUE.")
    ] = None,
    reform: Annotated[list[str] | None, typer.Option(help="A reform or its file.")] = None,
    overlays: Overlays = None,
    config: Config = None,
    policy: Policy = None,
    cases: Annotated[Path | None, typer.Option(help="CSV of many questions.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV of their answers.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every limb.")] = False,
    as_json: AsJson = False,
) -> None:
    """May a chip tool or a material be shipped: United States, Japan, China, with the reason."""
    law = _law(overlays or [], reform or [], config, policy)
    switches = _switches(law, switch or [])
    if cases is not None or out is not None:
        _many(cases, out, switches, law, as_json=as_json)
        return
    words: dict[str, str | None] = {
        "made": made,
        "shipped_from": shipped_from,
        "to": to,
        "on": on,
    }
    given = {
        "owner": owner or None, "owner_share": owner_share, "node": node or None,
        "wafer_mm": wafer_mm, "military": military, "rare_earth_share": content,
    }  # fmt: skip
    decision: Decision | MaterialDecision
    if material is not None:
        decision = _material(law, switches, words, material, party, content, military)
    else:
        words |= {"tool_class": tool_class, "customer": customer}
        decision = _tool(law, switches, words, us_content, given)
    _show(decision, explain=explain, as_json=as_json)


def _tool(
    law: ControlLaw,
    switches: Switches,
    words: dict[str, str | None],
    us_content: float | None,
    known: dict[str, Any],
) -> Decision:
    """The answer on a tool; ``known`` is what may be left out."""
    from sim.law.controls import Query, decide

    given = _given(words, us_content)
    on = _day(given.pop("on"))
    return decide(Query(**given, us_content=us_content or 0.0, **known), on, switches, law)


def _material(
    law: ControlLaw,
    switches: Switches,
    words: dict[str, str | None],
    material: str,
    party: str,
    content: float | None,
    military: bool,
) -> MaterialDecision:
    """The answer on a material."""
    from sim.law.controls import MaterialQuery, decide_material

    given = _given(words)
    on = _day(given.pop("on"))
    query = MaterialQuery(material, **given, party=party, content_share=content, military=military)
    return decide_material(query, on, switches, law)


def _given(words: dict[str, str | None], us_content: float | None = 0.0) -> dict[str, Any]:
    """The words that a question needs; every one that is missing is a mistake."""
    from sim.errors import Fault, InputError

    missing = [key for key, word in words.items() if not word]
    missing += [] if us_content is not None else ["us_content"]
    if missing:
        raise InputError(
            Fault("", f"--{key.replace('_', '-')}", "is needed", "see `kyoten law licence --help`")
            for key in missing
        )
    return {key: word for key, word in words.items() if word}


def _day(text: str) -> date:
    from datetime import date

    from sim.errors import Fault, InputError

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        wrong = f"`{text}` is no date"
        raise InputError(Fault("", "--on", wrong, "write it as 2025-02-15")) from error


def _switches(law: ControlLaw, answers: list[str]) -> Switches:
    """The law's declared switches with the answers ``NAME=VALUE``."""
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    given: dict[str, object] = {}
    for answer in answers:
        name, _, value = answer.partition("=")
        parts: object = value.split(",") if name.endswith("aligned") and value else None
        given[name] = parts or words.get(value.lower(), None if value in {"", "never"} else value)
    return law.defaults.but(**given)


def _law(
    overlays: list[Path], reforms: list[str], config: Path | None, policy: str | None
) -> ControlLaw:
    """The law with folders laid over it, as a policy has it, and reforms made, by name or file."""
    from sim.law.controls import enact_reforms, enacted, load_reform

    experiment = experiment_of(config, policy, overlays)
    laid = list(experiment.law_overlays) if experiment else overlays
    law = enacted(laid)
    if experiment and policy:
        law = enact_reforms(law, experiment.control_reforms(policy))
    return enact_reforms(law, [load_reform(name, laid) for name in reforms])


def _many(
    cases: Path | None,
    out: Path | None,
    switches: Switches,
    law: ControlLaw,
    *,
    as_json: bool,
) -> None:
    from sim.cli.render import console, print_json
    from sim.errors import Fault, InputError
    from sim.law.controls.cases import decide_cases

    if cases is None or out is None:
        raise InputError(Fault("", "--cases", "needs --out, and --out needs it", "give both"))
    count = decide_cases(cases, out, switches, law)
    if as_json:
        print_json({"cases": count, "out": str(out)})
    else:
        console().print(f"{count} cases decided, in {out}")


def _show(decision: Decision | MaterialDecision, *, explain: bool, as_json: bool) -> None:

    from sim.cli.render import console, print_json, print_table, strong

    answer: dict[str, object] = dict(decision.as_dict())
    if as_json:
        if explain:
            answer["limbs"] = [
                {
                    "rule": m.rule,
                    "authority": m.authority,
                    "citation": m.citation,
                    "applied": m.applied,
                    "finding": m.finding,
                    "code": m.code,
                    "source": m.source,
                }
                for m in decision.limbs
            ]
        print_json(answer)
        return
    for key, value in answer.items():
        console().print(strong(f"{key}:"), str(value))
    if explain:
        rows = [(m.authority, m.applied, m.citation, m.finding, m.code) for m in decision.limbs]
        print_table("Limb by limb", ("authority", "applies", "citation", "finding", "code"), rows)
