"""The house stays a house: rooms, sizes, names, and nothing of one machine in the tree."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for room in ("sim", "analysis") for path in (ROOT / room).rglob("*.py"))

LONGEST_MODULE = 300
LONGEST_BODY = 25
VAGUE = {"manager", "util", "utils", "helper", "helpers", "process"}
"""Words that say nothing of what a thing is for."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def is_kernel(function: Function) -> bool:
    """Whether numba compiles the function."""
    return any("njit" in ast.unparse(decorator) for decorator in function.decorator_list)


def body_length(function: Function) -> int:
    """Lines of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_rooms_import_only_downwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contracts in pyproject.toml hold; import-linter prints the offending line."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True, no_logo=True) == 0


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{shown(path)}:{function.lineno} {function.name}": body_length(function)
        for path in MODULES
        for function in functions(path)
        if not is_kernel(function) and body_length(function) > LONGEST_BODY
    }
    assert long == {}


def test_names_say_what_a_thing_is_for() -> None:
    vague = []
    for path in MODULES:
        names = [path.stem] + [
            node.name for node in ast.walk(tree(path)) if isinstance(node, Function | ast.ClassDef)
        ]
        vague += [f"{shown(path)}: {name}" for name in names if VAGUE & set(words(name))]
    assert vague == []


def words(name: str) -> list[str]:
    """Words of a snake_case or CamelCase name, in lower case."""
    spaced = "".join(f"_{letter}" if letter.isupper() else letter for letter in name)
    return spaced.lower().strip("_").split("_")


def test_nothing_is_promised_instead_of_built() -> None:
    promised = [
        f"{shown(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name) and node.id == "NotImplementedError"
    ]
    assert promised == []


def test_every_module_and_public_function_has_a_docstring() -> None:
    silent = []
    for path in MODULES:
        module = tree(path)
        if not ast.get_docstring(module):
            silent.append(shown(path))
        silent += [
            f"{shown(path)}:{node.lineno} {node.name}"
            for node in module.body
            if isinstance(node, Function | ast.ClassDef)
            and not node.name.startswith("_")
            and not is_overload(node)
            and not ast.get_docstring(node)
        ]
    assert silent == []


UNIX_ONLY = {"fcntl", "grp", "posix", "pwd", "resource", "termios"}


def test_no_module_imports_what_only_unix_has() -> None:
    barred = [
        f"{shown(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and UNIX_ONLY & {getattr(node, "module", None), *(alias.name for alias in node.names)}
    ]
    assert barred == []


def is_overload(node: Function | ast.ClassDef) -> bool:
    """Whether it only declares types; the function that follows is the one that is told."""
    return any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list)


FOREIGN = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npmjs" + ".org",
    "registry." + "yarnpkg",
    "proxy.golang" + ".org",
    "static.crates" + ".io",
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "file" + ":///",
]
"""Hosts of package registries, and paths of somebody's machine."""


def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{shown(path)}: {word}" for word in FOREIGN if word in text]
    assert found == []


def tracked() -> list[Path]:
    """Files under version control; without git, everything but environments and results."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        names = [ROOT / name for name in listed.stdout.split("\0") if name]
        return [path for path in names if path.is_file()]
    skipped = {".venv", "runs", "build", "dist"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not skipped & set(path.relative_to(ROOT).parts)
    ]
