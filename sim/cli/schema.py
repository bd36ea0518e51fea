"""``kyoten schema``: the JSON Schema of experiment files, for editors."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def schema(
    out: Annotated[
        Path, typer.Option("--out", help="File to write; `-` prints it.", allow_dash=True)
    ] = Path("configs/schema.json"),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when the file is stale.")
    ] = False,
) -> None:
    """Write the JSON Schema of experiment files, which editors use to complete and check them."""
    text = schema_text()
    if check:
        _refuse_stale(out, text)
    elif str(out) == "-":
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
        print(f"wrote {out}")


def schema_text() -> str:
    """The schema as it stands in ``configs/schema.json``."""
    import json

    from sim.experiments.spec.config import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _refuse_stale(path: Path, fresh: str) -> None:
    from sim.errors import ConfigError, Fault

    stored = path.read_text(encoding="utf-8") if path.is_file() else ""
    if stored == fresh:
        return
    lines = difflib.unified_diff(stored.splitlines(), fresh.splitlines(), str(path), "fresh", n=1)
    print("\n".join(list(lines)[:60]))
    raise ConfigError(Fault(str(path), "", "the schema is stale", "run `kyoten schema`"))
