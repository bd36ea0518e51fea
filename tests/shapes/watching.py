"""Every function of the product with a claim of shape, watched while a world is built and run."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from types import FunctionType, ModuleType
from typing import Any

import sim
from tests.shapes.claims import KINDS, Claim, attribute_claims, claims, shape_of

Dimensions = Mapping[str, int]


@dataclass
class Findings:
    """What was seen: shapes by claim, and how often each axis was bound to which length."""

    seen: dict[tuple[str, str, str], tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    months: dict[str, int] = field(default_factory=dict)
    """Months that a call was given, where it was given some: T of that call."""

    def note(self, place: str, name: str, claim: Claim, value: Any) -> None:
        """Keep the first array seen under a claim."""
        value = next(iter(value.values()), None) if isinstance(value, Mapping) else value
        shape = shape_of(value)
        if shape is not None:
            self.seen.setdefault((place, name, claim.text), shape)

    def wrong(self, lengths: Dimensions) -> list[str]:
        """Every claim that is not so."""
        found = []
        for (place, name, claim), shape in sorted(self.seen.items()):
            months = {"T": self.months[place]} if place in self.months else {}
            said = mismatch(claim, shape, {**lengths, **months})
            if said:
                found.append(f"{place} {name} {claim}: {said}")
        return found


def modules() -> Iterator[ModuleType]:
    """Every module of ``sim`` but the command line and what a world never calls."""
    for info in pkgutil.walk_packages(sim.__path__, "sim."):
        if not info.name.startswith(("sim.cli", "sim.experiments")):
            yield importlib.import_module(info.name)


def claimed_functions() -> Iterator[tuple[str, Callable[..., Any], list[Claim]]]:
    """Module-level functions whose docstring claims a shape."""
    for module in list(modules()):
        for name, value in vars(module).items():
            plain = getattr(value, "py_func", value)
            if isinstance(plain, FunctionType) and plain.__module__ == module.__name__:
                said = list(claims(plain.__doc__))
                if said:
                    yield f"{module.__name__}.{name}", value, said


@contextmanager
def watched(findings: Findings) -> Iterator[None]:
    """Put a watching wrapper in the place of every claimed function, wherever it is imported."""
    forget()
    wrappers = {id(f): _wrapper(place, f, said, findings) for place, f, said in claimed_functions()}
    changed = []
    for module in [m for name, m in list(sys.modules.items()) if name.startswith("sim.")]:
        for name, value in list(vars(module).items()):
            if id(value) in wrappers and name not in _called_by_kernels(module):
                setattr(module, name, wrappers[id(value)])
                changed.append((module, name, value))
    try:
        yield
    finally:
        for module, name, value in changed:
            setattr(module, name, value)


def forget() -> None:
    """Clear what functions keep of earlier calls: a kept answer is no call to look at."""
    for module in modules():
        for value in list(vars(module).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _called_by_kernels(module: ModuleType) -> set[str]:
    """Names that compiled functions of the module look up when they compile: left as they are."""
    kernels = [value for value in vars(module).values() if hasattr(value, "py_func")]
    return {name for kernel in kernels for name in kernel.py_func.__code__.co_names}


def _wrapper(
    place: str, function: Callable[..., Any], said: list[Claim], findings: Findings
) -> Callable[..., Any]:
    signature = inspect.signature(getattr(function, "py_func", function))
    results = [claim for claim in said if not claim.names]

    @functools.wraps(getattr(function, "py_func", function))
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        if isinstance(given.get("months"), list | tuple):
            findings.months.setdefault(place, len(given["months"]))
        for claim in said:
            for name in claim.names:
                if name in given:
                    findings.note(place, name, claim, given[name])
        out = function(*args, **kwargs)
        if results and out is None:
            filled = [given[name] for name in _filled(function) if name in given]
            for at, (claim, value) in enumerate(zip(results, filled, strict=False)):
                findings.note(place, f"filled {at}", claim, value)
        elif results:
            arrays = [one for one in _many(out) if shape_of(one) is not None]
            said_of = results * len(arrays) if len(results) == 1 else results
            for at, (claim, value) in enumerate(zip(said_of, arrays, strict=False)):
                findings.note(place, f"result {at}", claim, value)
        return out

    return wrapper


def _many(out: Any) -> list[Any]:
    """Arrays of what a function gives back: itself, or what a tuple, list or mapping holds."""
    if isinstance(out, Mapping):
        return list(out.values())
    return list(out) if isinstance(out, tuple | list) else [out]


def _filled(function: Callable[..., Any]) -> list[str]:
    """Arguments that a function fills, ``out`` first: that is what its first line is about."""
    notes = inspect.get_annotations(getattr(function, "py_func", function))
    names = [name for name, note in notes.items() if str(note).startswith("Out[")]
    return sorted(names, key=lambda name: name != "out")


def look_at(root: Any, findings: Findings) -> None:
    """Note every claimed attribute of the bundles that hang together with ``root``."""
    waiting, met = [root], set()
    while waiting:
        value = waiting.pop()
        if id(value) in met or isinstance(value, str | bytes):
            continue
        met.add(id(value))
        waiting += _parts(value, findings)


def _parts(value: Any, findings: Findings) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    names = _field_names(value)
    if names is None:
        return list(value[:50]) if isinstance(value, list | tuple) else []
    said = attribute_claims(type(value))
    parts = []
    for name in names:
        part = getattr(value, name, None)
        if name in said:
            kind = type(value)
            findings.note(f"{kind.__module__}.{kind.__qualname__}", name, said[name], part)
        parts.append(part)
    return parts


def _field_names(value: Any) -> list[str] | None:
    if is_dataclass(value) and not isinstance(value, type):
        return [one.name for one in fields(value)]
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return list(value._fields)
    return None


def mismatch(claim: str, shape: tuple[str, tuple[int, ...]], lengths: Dimensions) -> str:
    """What is wrong with an array under a claim; empty where nothing is."""
    kind, text = claim.split("[", 1)
    axes = [axis.strip() for axis in text.rstrip("]").split(",") if axis.strip()]
    code, dims = shape
    if code != KINDS[kind]:
        return f"is {code}"
    if "..." in axes or ".." in axes:
        rest = [axis for axis in axes if axis not in ("...", "..")]
        dims = dims[len(dims) - len(rest) :] if axes[0] in ("...", "..") else dims[: len(rest)]
        axes = rest
    if axes and axes[-1] == "R)":
        axes = [*axes[:-2], axes[-2].rstrip("(")] if len(dims) < len(axes) else [
            *axes[:-2], axes[-2].rstrip("("), "R"]  # fmt: skip
    if len(axes) != len(dims):
        return f"has shape {dims}"
    wrong = [
        f"{axis} is {length}, not {expected}"
        for axis, length in zip(axes, dims, strict=True)
        if (expected := length_of(axis, lengths)) is not None and expected != length
    ]
    return "; ".join(wrong)


def length_of(axis: str, lengths: Dimensions) -> int | None:
    """Length of an axis as written (``P``, ``3``, ``N + 1``); None where it is not fixed."""
    if axis.isdigit():
        return int(axis)
    first, _, more = axis.partition(" + ")
    if first.isdigit() and more in lengths:  # 1 + B
        return int(first) + lengths[more]
    if first not in lengths:
        return None
    return lengths[first] + (int(more) if more else 0)
