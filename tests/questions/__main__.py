"""``python -m tests.questions [PAGE ...]``: renew what the commands of the pages print."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.questions.pages import PAGES, renewed, write_files

for page in PAGES:
    if len(sys.argv) == 1 or page.stem in sys.argv[1:]:
        with TemporaryDirectory() as name:
            write_files(page, Path(name))
            page.write_text(renewed(page, Path(name)), encoding="utf-8")
            print(f"renewed {page.name}")  # noqa: T201 - a command says what it did
