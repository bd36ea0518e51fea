"""A page as files, commands and what the commands print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "questions").glob("[a-z]*.md"))
_FILE = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?)```", re.DOTALL | re.MULTILINE)
_ASKED = re.compile(
    r"^```sh\n(?P<commands>.*?)```(?:\n\n```text(?: (?P<lines>\d+))?\n(?P<printed>.*?)```)?",
    re.DOTALL | re.MULTILINE,
)


def write_files(page: Path, folder: Path) -> None:
    """Save every file of a page in a folder."""
    for name, text in _FILE.findall(page.read_text(encoding="utf-8")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def answers(page: Path, folder: Path) -> list[tuple[str, str]]:
    """Give every command of a page in a folder; what it says it prints, and what it prints."""
    found = []
    for asked in _ASKED.finditer(page.read_text(encoding="utf-8")):
        for command in asked["commands"].splitlines():
            printed = _given(command, folder)
        if asked["printed"] is not None:
            found.append((asked["printed"], _cut(printed, asked["lines"])))
    return found


def renewed(page: Path, folder: Path) -> str:
    """Text of a page with what its commands print now."""
    text = page.read_text(encoding="utf-8")
    fresh = iter([printed for _, printed in answers(page, folder)])

    def put(asked: re.Match[str]) -> str:
        if asked["printed"] is None:
            return asked[0]
        head = f"```text {asked['lines']}" if asked["lines"] else "```text"
        return f"```sh\n{asked['commands']}```\n\n{head}\n{next(fresh)}```"

    return _ASKED.sub(put, text)


def _given(command: str, folder: Path) -> str:
    import shlex

    first, *rest = shlex.split(command)
    assert first == "kyoten", command
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    ended = subprocess.run(
        [sys.executable, "-m", "sim.cli.main", *rest],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stderr}"
    return ended.stdout


def _cut(printed: str, lines: str | None) -> str:
    kept = printed.strip("\n").splitlines()
    if lines and len(kept) > int(lines):
        kept = [*kept[: int(lines)], "..."]
    return "\n".join(line.rstrip() for line in kept) + "\n"
