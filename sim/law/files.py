"""Where files of law lie, the folders that are laid over them, and how messages call them.

An overlay is a folder in the forms of ``sim/data/law``: what it holds is added to the shipped law,
or replaces what has the same key there. Overlays follow each other; a later one lies on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path, PurePosixPath

from sim.axes import COUNTRIES
from sim.errors import Fault, nearest

LAW_FOLDER = Path(str(files("sim") / "data" / "law"))
"""The law that ships."""

CONTROL_FILES = (
    "united_states.yaml",
    "japan.yaml",
    "netherlands.yaml",
    "china.yaml",
    "policies.yaml",
    "switches.yaml",
    "customers.csv",
    "parties.csv",
    "listings.csv",
    "groups.csv",
    "items.csv",
    "materials.csv",
    "countries.csv",
)
DUTY_FILES = (
    "stacking.yaml",
    "agreements.yaml",
    "origin.csv",
    "schedules/mfn.csv",
    "schedules/preferences.csv",
)
NAMED_FILES = (*DUTY_FILES, *(f"controls/{name}" for name in CONTROL_FILES))
"""Files of law that have a name; instruments and reforms have one of their own."""

Stamp = tuple[tuple[str, int, int], ...]
"""Path, time of the last change and size of every file."""

_SHARED_FOLDERS = ("schedules", "reforms", "controls", "subsidies")
_ISSUERS = tuple(code.lower() for code in COUNTRIES)


def shown(path: Path) -> str:
    """How messages call a file: from the package or the working folder, as short as it goes."""
    for root in (LAW_FOLDER.parent.parent.parent, Path.cwd()):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.as_posix()


def stamp(overlays: Sequence[Path]) -> Stamp:
    """What tells that the files of overlays are still those that were read."""
    paths = [path for folder in overlays for path in sorted(folder.rglob("*")) if path.is_file()]
    states = [(path, path.stat()) for path in paths]
    return tuple((str(path), state.st_mtime_ns, state.st_size) for path, state in states)


def standing(folders: Sequence[Path], name: str) -> list[Path]:
    """The files of that name that stand in the folders, in their order."""
    return [folder / name for folder in folders if (folder / name).is_file()]


def instrument_files(folder: Path) -> list[Path]:
    """Files of instruments in the folders of their issuers."""
    return [
        path
        for issuer in sorted(folder.iterdir() if folder.is_dir() else ())
        if issuer.name in _ISSUERS
        for path in sorted(issuer.glob("*.y*ml"))
    ]


def subsidy_files(folder: Path) -> list[Path]:
    """Files of subsidies in the folders of those who give them."""
    below = folder / "subsidies"
    return [
        path
        for giver in sorted(below.iterdir() if below.is_dir() else ())
        if giver.name in _ISSUERS
        for path in sorted(giver.glob("*.y*ml"))
    ]


def reform_files(overlays: Sequence[Path], below: str) -> dict[str, Path]:
    """Name -> file of the reforms in the folder ``below`` of the law and its overlays."""
    return {
        path.stem: path
        for folder in (LAW_FOLDER, *overlays)
        for path in sorted((folder / below).glob("*.y*ml"))
    }


def strange_files(folder: Path) -> list[Fault]:
    """What is wrong with the names in a folder of law: it is none, or holds what is no law.

    Each is told, so that a slip in a name is not a rule without effect; hidden files and notes
    (``*.md``) are left alone.
    """
    if not folder.is_dir():
        return [Fault(shown(folder), "", "no such folder", "lay it out as sim/data/law")]
    known = (*_ISSUERS, *_SHARED_FOLDERS)
    strangers = [
        path
        for path in sorted(folder.iterdir())
        if path.is_dir() and path.name not in known and not path.name.startswith(".")
    ]
    faults = [
        Fault(shown(path), "", "is no issuer's folder", nearest(path.name, known))
        for path in strangers
    ]
    names = [name for name in _files_below(folder) if folder / name.parts[0] not in strangers]
    if not names and not faults:
        return [Fault(shown(folder), "", "holds no file of law", "lay it out as sim/data/law")]
    return faults + [
        Fault(shown(folder / name), "", "is no file of law", _right_name(name))
        for name in names
        if not _is_law(name)
    ]


def _right_name(name: PurePosixPath) -> str:
    """Cure: the place of a file that has the right name, else the nearest name."""
    for known in NAMED_FILES:
        if known.endswith(f"/{name.name}"):
            return f"move it to `{known}`"
    return nearest(str(name), NAMED_FILES)


def _files_below(folder: Path) -> list[PurePosixPath]:
    """Files in a folder and below it, but hidden ones and notes."""
    names = [
        PurePosixPath(path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".md"
    ]
    return [name for name in names if not any(part.startswith(".") for part in name.parts)]


def _is_law(name: PurePosixPath) -> bool:
    givers = {f"subsidies/{code}" for code in _ISSUERS}
    named = str(name.parent) in {*_ISSUERS, *givers, "reforms", "reforms/controls"}
    return str(name) in NAMED_FILES or (named and name.suffix in {".yaml", ".yml"})
