"""The documents say what the code does."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from tests.generated import PARTS, ROOT, renewed

DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]
    if not {".venv", "node_modules"} & set(path.parts)
)


@pytest.mark.parametrize("name", PARTS)
def test_generated_parts_are_fresh(name: str) -> None:
    """Renew them with `make docs` and commit the difference."""
    stored = (ROOT / name).read_text(encoding="utf-8")
    fresh = renewed(stored, PARTS[name])
    lines = difflib.unified_diff(stored.splitlines(), fresh.splitlines(), name, "fresh", n=0)
    assert "\n".join(lines) == ""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_within_the_tree_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [
        target for target in targets if "://" not in target and not target.startswith("mailto")
    ]
    assert [target for target in local if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_in_the_documents_exist_and_take_their_options(path: Path) -> None:
    """Every `kyoten ...` line in a code block names a command and options that there are."""
    from sim.cli.main import root as command_line

    group = command_line()
    unknown = []
    for words in commands_in(path.read_text(encoding="utf-8")):
        command: object = group
        names = []
        while hasattr(command, "commands") and words and not words[0].startswith("-"):
            names.append(words[0])
            command = command.commands.get(words.pop(0))  # type: ignore[attr-defined]
        if command is None:
            unknown.append(" ".join(names))
            continue
        params = command.get_params(command.context_class(command))  # type: ignore[attr-defined]
        known = {option for p in params for option in (*p.opts, *p.secondary_opts)}
        used = {word.split("=")[0] for word in words if word.startswith("--")}
        unknown += [f"{' '.join(names)} {option}" for option in used - known - {"--help"}]
    assert unknown == []


def commands_in(text: str) -> list[list[str]]:
    """Words after `kyoten` of every command in fenced code blocks, continued lines joined."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    found = [re.match(r"\s*(?:\$ )?(?:\.venv/bin/)?kyoten (.*)", line) for line in lines]
    return [match[1].split("#")[0].split() for match in found if match]


def test_every_command_is_told_in_the_readme() -> None:
    from sim.cli.main import available

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in available() if f"kyoten {name}" not in text] == []


def test_experiments_in_the_documents_are_valid(tmp_path: Path) -> None:
    from sim.experiments.spec.reading import load_config

    found = 0
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL)[:1]:
            (tmp_path / "mine.py").write_text(code, encoding="utf-8")  # what a page calls its file
        named = re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)```", text, re.DOTALL | re.MULTILINE)
        for name, content in named:  # files that a page gives with their names
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
            if "experiment:" in block:
                (tmp_path / "x.yaml").write_text(block, encoding="utf-8")
                load_config(tmp_path / "x.yaml")
                found += 1
    assert found


def test_the_index_lists_every_document() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"({name})" not in index} == set()


def test_the_glossary_stands_in_order_and_knows_both_spreads() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = [line.split(" | ")[0].strip("| ") for line in text.splitlines() if line[:2] == "| "][1:]
    assert words == sorted(words, key=str.casefold)
    assert {"range of futures", "precision of the mean"} < set(words)
