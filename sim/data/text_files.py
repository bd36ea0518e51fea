"""Text of a file that anybody may have written: of bounded size, UTF-8, without NUL bytes."""

from __future__ import annotations

import codecs
from pathlib import Path

from sim.errors import DataError, Fault, nearest

_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def read_text(path: Path, name: str = "", *, most_bytes: int) -> str:
    """The text of a file, without a byte order mark; ``name`` is how messages call the file.

    Raises
    ------
    DataError
        The file is missing, cannot be opened, is larger than ``most_bytes``, is not UTF-8 or holds
        a NUL byte; with line and column of the first wrong byte, and how to mend it.
    """
    shown = name or str(path)
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except FileNotFoundError as error:
        raise DataError(Fault(shown, "", "is missing", _beside(path))) from error
    except OSError as error:
        wrong = f"cannot be read: {error.strerror or error}"
        raise DataError(Fault(shown, "", wrong, "give a file that can be read")) from error
    if len(content) > most_bytes:
        wrong = f"is larger than {most_bytes / 1e6:.0f} MB"
        raise DataError(Fault(shown, "", wrong, "cut it into smaller files"))
    return _decoded(content, shown)


def _decoded(content: bytes, shown: str) -> str:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            wrong = f"is {encoding}, not UTF-8 text"
            raise DataError(Fault(shown, "", wrong, "save it as UTF-8", 1, 1))
    content = content.removeprefix(codecs.BOM_UTF8)
    if (at := content.find(b"\0")) >= 0:
        cure = "save it as UTF-8 text (UTF-16 holds such bytes), or take the byte out"
        raise DataError(Fault(shown, "", "holds a NUL byte", cure, *_place(content, at)))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = f"is not UTF-8 text: byte 0x{content[error.start]:02x}"
        place = _place(content, error.start)
        raise DataError(Fault(shown, "", wrong, "save it as UTF-8", *place)) from error


def _place(content: bytes, at: int) -> tuple[int, int]:
    """Line and column, counted from 1, of a byte."""
    before = content[:at].split(b"\n")
    return len(before), len(before[-1].decode("utf-8", "replace")) + 1


def _beside(path: Path) -> str:
    """Cure that names the files of the same kind that are there."""
    if not path.parent.is_dir():
        return f"there is no folder {path.parent} either"
    names = sorted(one.name for one in path.parent.iterdir() if one.suffix == path.suffix)
    return nearest(path.name, names) if names else f"{path.parent} holds no {path.suffix} file"
