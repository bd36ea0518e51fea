"""From a file to an :class:`ExperimentConfig`: every mistake at once, each with place and cure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.data.document import Document, read
from sim.data.key_paths import KeyPath
from sim.errors import ConfigError, Fault, nearest
from sim.experiments.spec.behaviours import behaviour_problems
from sim.experiments.spec.checks import cross_problems
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.enactment import enactment_problems
from sim.experiments.spec.overlays import placed_overlays
from sim.extensions import beside


def _given(
    data: Mapping[str, object], changes: Mapping[str, object], draws: int | None
) -> dict[str, object]:
    """Content of a file with what replaces it."""
    given = {**data, **{key: one for key, one in changes.items() if one is not None}}
    if draws is not None and isinstance(design := given.get("design", {}), Mapping):
        given["design"] = {**design, "samples": draws}
    return given


def load_config(
    path: Path | str,
    *,
    data: Sequence[Path] = (),
    law: Sequence[Path] = (),
    draws: int | None = None,
    **changes: object,
) -> ExperimentConfig:
    """Read and check an experiment file.

    ``data`` and ``law`` are folders laid over those of the file; ``changes`` replace keys of the
    file (``replications=8``) before it is checked; ``draws`` replaces ``design.samples``.

    Raises
    ------
    ConfigError
        Names every mistake of the file and of its overlays: place, key, what is wrong, how to
        mend it.
    """
    document = read(Path(path))
    given = _given(document.data, changes, draws)
    if isinstance(named := given.get("extensions"), list):
        given["extensions"] = [beside(one, Path(path).parent) for one in named]
    content, faults = placed_overlays(document, given, {"data": data, "law": law})
    faults += document.faults
    config: ExperimentConfig | None = None
    try:
        config = ExperimentConfig.model_validate(content)
    except ValidationError as error:
        faults += _schema_faults(error, document)
    faults += [document.fault(p.path, p.wrong, p.cure) for p in cross_problems(content)]
    if config is not None and not faults:
        faults += [document.fault(p.path, p.wrong, p.cure) for p in enactment_problems(config)]
        problems, theirs = behaviour_problems(config)
        faults += [document.fault(p.path, p.wrong, p.cure) for p in problems] + theirs
    if faults or config is None:
        order = {document.file: ""}
        raise ConfigError(
            sorted(
                set(faults),
                key=lambda f: (order.get(f.file, f.file), f.line or 0, f.column or 0, f.key),
            )
        )
    return config


def _schema_faults(error: ValidationError, document: Document) -> Iterator[Fault]:
    """One fault for each error of the schema; rules that join keys are told by their checks.

    A list whose items are wrong counts as too short as well: its items tell enough.
    """
    for item in error.errors(include_url=False):
        spoiled = item["type"] == "too_short" and item.get("input")
        if item["type"] != "cross" and not spoiled:
            yield _schema_fault(item, document)


def _schema_fault(item: Any, document: Document) -> Fault:
    kind, loc = item["type"], item["loc"]
    path = _path_of(loc, document.data, keep_last=kind in {"missing", "extra_forbidden"})
    given, context = item.get("input"), item.get("ctx", {})
    if kind == "extra_forbidden":
        return document.fault(path, "unknown key", nearest(str(loc[-1]), sorted(_fields(loc[:-1]))))
    if kind == "union_tag_invalid":
        known = re.findall(r"'([^']*)'", context["expected_tags"])
        cure = nearest(context["tag"], known)
        word = context.get("discriminator", "'op'").strip("'")
        return document.fault((*path, word), f"unknown word `{context['tag']}`", cure)
    if kind in {"missing", "union_tag_not_found"}:
        word = context.get("discriminator", "'op'").strip("'")
        path = path if kind == "missing" else (*path, word)
        return document.fault(path, "this key is missing", "add it")
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        return document.fault(path, f"unknown word `{given}`", nearest(str(given), known))
    if kind == "string_pattern_mismatch":
        return document.fault(path, f"`{given}` is no name", "write it in snake_case")
    return document.fault(path, *_said(kind, item["msg"], given, context))


_WANTED = {
    "date_from_datetime_parsing": "is not a date; write it as 2025-04-03",
    "date_parsing": "is not a date; write it as 2025-04-03",
    "date_type": "is not a date; write it as 2025-04-03",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must hold `key: value` lines",
    "model_type": "must hold `key: value` lines",
    "model_attributes_type": "must hold `key: value` lines",
    "too_short": "must not be empty",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be above {gt}",
    "less_than": "must be below {lt}",
    "string_too_long": "must have at most {max_length} letters",
    "string_too_short": "must have at least {min_length} letters",
    "date_from_datetime_inexact": "is not a date; write it as 2025-04-03",
}


def _said(kind: str, message: str, given: object, bounds: Mapping[str, object]) -> tuple[str, str]:
    """What is wrong and its cure, in the words of this project rather than of the library."""
    words = message.removeprefix("Value error, ").replace("Input should be", "must be")
    shown_bounds = {k: f"{v:g}" if isinstance(v, float) else v for k, v in bounds.items()}
    wanted = _WANTED[kind].format(**shown_bounds) if kind in _WANTED else words
    wrong, _, cure = wanted.partition("; ")
    if given is None and kind != "value_error":
        return "has no value", cure
    told_whole = kind in {"month", "day", "value_error", "flag", "extension"}
    shown = not told_whole and isinstance(given, str | int | float)
    return (f"{wrong}, not `{given}`" if shown else wrong), cure


def _path_of(loc: Sequence[str | int], data: object, *, keep_last: bool) -> KeyPath:
    """``loc`` without the names of union members, which do not stand in the file."""
    path: list[str | int] = []
    here = data
    for depth, part in enumerate(loc):
        inner = _inside(here, part)
        if inner is _NOTHING and not (keep_last and depth == len(loc) - 1):
            continue
        here = inner
        path.append(part)
    return tuple(path)


_NOTHING = object()
"""Where a file has no such key; a key without a value holds None."""


def _inside(data: object, part: str | int) -> object:
    """What stands under ``part``, or :data:`_NOTHING`."""
    if isinstance(data, Mapping):
        return data.get(part, _NOTHING)
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return data[part]
    return _NOTHING


def _fields(loc: Sequence[str | int]) -> set[str]:
    """Names of the keys that the schema knows at ``loc``, over all members of a union."""
    models: set[type[BaseModel]] = {ExperimentConfig}
    for part in loc:
        inner = {
            model
            for outer in models
            if part in outer.model_fields
            for model in _models(outer.model_fields[str(part)].annotation)
        }
        models = inner or {model for model in models if part in _tags(model)} or models
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


def _tags(model: type[BaseModel]) -> tuple[object, ...]:
    """Words of the key `op` that choose this model in a union."""
    return get_args(model.model_fields["op"].annotation) if "op" in model.model_fields else ()


def _models(annotation: object) -> set[type[BaseModel]]:
    """Model classes inside an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models(part)}
