"""Python files that an experiment names: loaded by path, told as the user's when they are wrong.

A file stands alone: it may import Kyoten and what is installed, not its neighbours, so that its
digest covers everything it brings. Digests are part of an experiment's identity.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.errors import Fault, InputError

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


def beside(value: object, folder: Path) -> object:
    """An entry of ``extensions`` with its path taken from ``folder``; anything else as it is."""
    if isinstance(value, str):
        return str(folder / value)
    if isinstance(value, Mapping) and isinstance(value.get("file"), str):
        return {**value, "file": str(folder / str(value["file"]))}
    return value


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
        if isinstance(error, InputError) or not isinstance(error, Exception):
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
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    wrong = f"{type(error).__name__}: {error}"
    return Fault(file, "", wrong, line=lines[-1] if lines else None)
