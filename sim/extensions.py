"""Python files that an experiment names: loaded by path, told as the user's when they are wrong.

A file stands alone: it may import Kyoten and what is installed, not its neighbours, so that its
digest covers everything it brings. Digests are part of an experiment's identity.
"""

from __future__ import annotations

import ast
import sys
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from sim.errors import Fault, InputError, KyotenError

Kind = TypeVar("Kind")

_PREFIX = "kyoten_extension_"


class ExtensionFile(BaseModel):
    """One file: where it is, and the digest of what it held when the experiment was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    sha256: str

    @property
    def name(self) -> str:
        """Name of the file without its folders."""
        return Path(self.file).name


def _pinned(value: object) -> object:
    """A file that is written as its path alone, with the digest of what it holds now."""
    if not isinstance(value, str):
        return value
    path = Path(value)
    if path.suffix != ".py":
        message = "`{value}` is not a Python file; name one that ends in .py"
        raise PydanticCustomError("extension", message, {"value": value})
    try:
        content = path.read_bytes()
    except OSError as error:
        message = "`{value}` cannot be read: {reason}; write its path from the experiment file"
        reason = {"value": value, "reason": error.strerror or str(error)}
        raise PydanticCustomError("extension", message, reason) from error
    return {"file": str(path.absolute()), "sha256": sha256(content).hexdigest()}


Extension = Annotated[
    ExtensionFile, BeforeValidator(_pinned), WithJsonSchema({"type": "string", "pattern": r"\.py$"})
]
"""A Python file, written as its path from the experiment file."""

_ADAPTER: TypeAdapter[ExtensionFile] = TypeAdapter(Extension)


def beside(value: object, folder: Path) -> object:
    """An entry of ``extensions`` with its path taken from ``folder``; anything else as it is."""
    if isinstance(value, str):
        return str(folder / value)
    if isinstance(value, Mapping) and isinstance(value.get("file"), str):
        return {**value, "file": str(folder / str(value["file"]))}
    return value


def pinned(paths: Iterable[object]) -> tuple[ExtensionFile, ...]:
    """Files by their paths, or as an experiment holds them, with the digests of what they hold now.

    Raises
    ------
    InputError
        Every one that is no Python file or cannot be read.
    """
    found, faults = [], []
    for path in paths:
        try:
            found.append(_ADAPTER.validate_python(str(path) if isinstance(path, Path) else path))
        except ValidationError as error:
            faults += [Fault("", "extensions", one["msg"]) for one in error.errors()]
    if faults:
        raise InputError(faults)
    return tuple(found)


def load(extension: ExtensionFile) -> ModuleType:
    """The module that a file makes; read once a process.

    Raises
    ------
    InputError
        The file is not there, holds something else than when the experiment was read, is no Python
        or fails while it is imported: told with the line of the file.
    """
    name = _PREFIX + sha256(f"{extension.file} {extension.sha256}".encode()).hexdigest()[:16]
    if name in sys.modules:
        return sys.modules[name]
    content = _content(extension)
    module = ModuleType(name)
    module.__file__ = extension.file
    sys.modules[name] = module
    try:
        exec(compile(content, extension.file, "exec"), module.__dict__)  # noqa: S102 -- the user's own code, named by the user to be run
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, InputError):
            raise InputError(_placed(one, extension.file, error) for one in error.faults) from error
        if not isinstance(error, Exception):
            raise
        raise InputError(_fault(extension.file, error)) from error
    return module


def members(extensions: Iterable[ExtensionFile], kind: type[Kind]) -> dict[str, type[Kind]]:
    """Classes of a kind that the files define, by name.

    Raises
    ------
    InputError
        As :func:`load`, or two files define the same name.
    """
    found: dict[str, type[Kind]] = {}
    owner: dict[str, str] = {}
    for extension in extensions:
        module = load(extension)
        for name, value in vars(module).items():
            if not (isinstance(value, type) and issubclass(value, kind)):
                continue
            if value.__module__ != module.__name__:
                continue
            if name in found and found[name] is not value:
                wrong = f"`{name}` is defined in {owner[name]} too"
                raise InputError(Fault(extension.file, name, wrong, "rename one of them"))
            found[name], owner[name] = value, extension.name
    return found


def listed(
    extensions: Iterable[ExtensionFile], name: str, kind: type[Kind], taken: Collection[str] = ()
) -> dict[str, Kind]:
    """Objects that the files list in their tuples ``name``, by their own names, in their order.

    Raises
    ------
    InputError
        As :func:`load`, or every entry that is no object of the kind, has no name, or one that is
        ``taken`` or stands twice: each with its line.
    """
    found: dict[str, Kind] = {}
    faults: list[Fault] = []
    for extension in extensions:
        entries = getattr(load(extension), name, ())
        if not isinstance(entries, tuple | list):
            wrong = f"must be a tuple of {kind.__name__}"
            cure = f"write {name} = (one, another)"
            faults.append(Fault(extension.file, name, wrong, cure, line_of(extension, name)))
            continue
        for place, entry in enumerate(entries):
            wrong, cure = _refused(entry, kind, {*taken, *found})
            if wrong:
                line = line_of(extension, name, place)
                faults.append(Fault(extension.file, f"{name}[{place}]", wrong, cure, line))
            else:
                found[str(getattr(entry, "name", ""))] = entry
    if faults:
        raise InputError(faults)
    return found


def _refused(entry: object, kind: type, taken: Collection[str]) -> tuple[str, str]:
    """What is wrong with an entry and how to mend it; nothing where it is right."""
    if isinstance(entry, type) and issubclass(entry, kind):
        return f"is the class {entry.__name__}", f"list an object of it: {entry.__name__}()"
    if not isinstance(entry, kind):
        wrong = f"is no {kind.__name__} but {type(entry).__name__}"
        return wrong, f"list objects of {kind.__module__}.{kind.__name__}"
    name = getattr(entry, "name", None)
    if not isinstance(name, str) or not name.isidentifier():
        return f"has no name that is one word: {name!r}", "give it a `name` in snake_case"
    return (f"`{name}` is there already", "give it another name") if name in taken else ("", "")


def line_of(extension: ExtensionFile, name: str, place: int | None = None) -> int | None:
    """Line on which a file binds ``name``, or of the entry at ``place`` of the tuple it binds."""
    for node in ast.parse(_content(extension)).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return node.lineno
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not any(isinstance(target, ast.Name) and target.id == name for target in targets):
            continue
        entries = getattr(getattr(node, "value", None), "elts", [])
        return entries[place].lineno if place is not None and place < len(entries) else node.lineno
    return None


@contextmanager
def told_at(extensions: Sequence[ExtensionFile]) -> Iterator[None]:
    """Tell an exception that passes through a line of these files as a mistake of that line.

    Raises
    ------
    InputError
        With the file and line; the exception itself is the cause, for a notebook.
    """
    try:
        yield
    except KyotenError:
        raise
    except Exception as error:
        names = {one.file for one in extensions}
        frames = traceback.extract_tb(error.__traceback__)
        theirs = [one for one in frames if one.filename in names]
        if not theirs:
            raise
        at, wrong = theirs[-1], f"{type(error).__name__}: {error}"
        raise InputError(Fault(at.filename, at.name, wrong, line=at.lineno)) from error


def _content(extension: ExtensionFile) -> bytes:
    try:
        content = Path(extension.file).read_bytes()
    except OSError as error:
        wrong = f"cannot be read: {error.strerror or error}"
        raise InputError(Fault(extension.file, "", wrong)) from error
    if sha256(content).hexdigest() != extension.sha256:
        wrong = "holds something else than when the experiment was read"
        raise InputError(Fault(extension.file, "", wrong, "run it into a new folder"))
    return content


def _fault(file: str, error: Exception) -> Fault:
    """What went wrong in the file, at the line of the file itself."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return Fault(file, "", f"no Python: {error.msg}", line=error.lineno, column=error.offset)
    return Fault(file, "", f"{type(error).__name__}: {error}", line=_line_in(file, error))


def _placed(fault: Fault, file: str, error: Exception) -> Fault:
    """A mistake that names no file was made at a line of this one."""
    return fault if fault.file else replace(fault, file=file, line=_line_in(file, error))


def _line_in(file: str, error: Exception) -> int | None:
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return lines[-1] if lines else None
