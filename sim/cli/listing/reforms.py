"""Rows of the list of reforms: those with a name, and the operations that others are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

from sim.cli.listing.source import Row, Source

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sim.law.controls import ControlReform
    from sim.law.reforms.schema import Reform


def reforms(source: Source) -> list[Row]:
    """Reforms that ``use:`` knows by name, then operations; of a run, what its policies change."""
    if source.run is not None:
        return list(_of_policies(source.run.manifest.config, source.run.manifest.labels))
    return [*_of_duties(source), *_of_controls(source), *_operations()]


def _of_duties(source: Source) -> Iterator[Row]:
    from sim.data.entries import Page
    from sim.law.files import shown
    from sim.law.reforms.schema import named_reforms, seed_reforms

    for name, path in seed_reforms(source.law).items():
        page = Page(path, shown(path))
        told = {key: page.root.get(key) for key in ("title", "description")}
        texts = {key: one.text() or "" for key, one in told.items() if one is not None}
        yield {
            "name": name, "kind": "named", "law": "duties",
            **_days(named_reforms(name, source.law)),
            "title": texts["title"], "description": texts.get("description", ""),
        }  # fmt: skip


def _of_controls(source: Source) -> Iterator[Row]:
    from sim.law.controls import load_reform, shipped_reforms

    for name in shipped_reforms(source.law):
        one = load_reform(name, source.law)
        yield {
            "name": name, "kind": "named", "law": "export control", **_days((one,)),
            "title": one.title, "description": one.note.strip(),
        }  # fmt: skip


def _days(reforms: Iterable[Reform | ControlReform]) -> Row:
    """First and last day of a named reform as JSON has them; None where there is no such limit."""
    from sim.experiments.spec.policy import days_of

    first, last = days_of(reforms)
    return {"first_day": first, "last_day": last}


def _operations() -> Iterator[Row]:
    """Operations of both laws with the keys of each, those that it cannot do without first."""
    from sim.law.controls.changes import Change
    from sim.law.reforms.schema import Reform

    for law, word, union in (("duties", "op", Reform), ("export control", "act", Change)):
        for model in get_args(get_args(union)[0]):
            yield _operation(law, word, model)


def _operation(law: str, word: str, model: type[BaseModel]) -> Row:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    name = get_args(fields.pop(word).annotation)[0]
    needed = [key for key, field in fields.items() if field.is_required()]
    return {
        "name": f"{word}: {name}",
        "kind": "operation",
        "law": law,
        "title": (model.__doc__ or "").splitlines()[0],
        "needed": needed,
        "keys": needed + [key for key in fields if key not in needed],
    }


def _of_policies(config: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[Row]:
    for policy, content in config.get("policies", {}).items():
        yield {
            "name": policy,
            "kind": "policy",
            "title": labels.get(policy, ""),
            "reforms": content.get("reforms", []),
        }
