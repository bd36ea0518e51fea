"""``python -m tests.golden``: renew the golden results."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden.digest import FILE, golden_run

with TemporaryDirectory() as folder:
    table = golden_run(Path(folder) / "quick")
table.to_csv(FILE, index=False, float_format="%.10g")
print(f"renewed {FILE.name}: {len(table)} rows")  # noqa: T201 - a command says what it did
