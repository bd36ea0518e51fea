"""One file of a run's outcomes: its ending says which kind of file, its form how it is laid out."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import Fault, QueryError, nearest
from sim.results.endings import ending_of
from sim.results.exporting.iamc import iamc_table
from sim.results.exporting.long_table import long_table
from sim.results.exporting.spreads import Chosen
from sim.results.exporting.workbook import workbook
from sim.results.run_folder.files import write_whole
from sim.results.source import FUTURES_MEANING, PRECISION_MEANING, notes

Form = Literal["iamc", "table"]
FORMS: Mapping[str, str] = {
    "iamc": "one row a variable, one column a year, as pyam reads",
    "table": "one row an outcome, group and period",
}
ENDINGS = ("csv", "xlsx", "parquet")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A text in a CSV that begins so would be read as a formula by a spreadsheet."""


def export(asked: Chosen, path: str | Path, form: str | None = None) -> int:
    """Write what is chosen of a run into ``path`` and give back the number of rows.

    Without ``form`` the file is IAMC, or a table where IAMC has no form: Parquet, and months.

    Raises
    ------
    QueryError
        An ending or form that is not known, or not for each other; more than Excel holds.
    WriteError
        The file cannot be written; a former one is untouched.
    """
    target = Path(path)
    ending = ending_of(target, ENDINGS)
    laid = _form(asked, target, ending, form)
    frame = iamc_table(asked) if laid == "iamc" else long_table(asked)
    told = _notes(asked, laid)
    write = {"csv": _csv, "xlsx": workbook, "parquet": _parquet}[ending]
    content = write(frame, told, target)
    write_whole(target, lambda file: file.write(content))
    return len(frame)


def _form(asked: Chosen, path: Path, ending: str, form: str | None) -> Form:
    """The form asked for, or the usual one."""
    if form is None:
        return "table" if ending == "parquet" or asked.every == "month" else "iamc"
    if form not in FORMS:
        raise QueryError(Fault("", "as", f"there is no form `{form}`", nearest(form, FORMS)))
    if form == "table":
        return "table"
    if ending == "parquet":
        cure = "write .csv or .xlsx, or ask for `table`"
        raise QueryError(Fault(str(path), "as", "an IAMC table is no Parquet file", cure))
    if asked.every == "month":
        raise QueryError(Fault("", "every", "an IAMC table tells years", "ask for `table`"))
    return "iamc"


def _csv(frame: pd.DataFrame, _: Sequence[tuple[str, str]], __: Path) -> bytes:
    guarded = frame.copy(deep=False)
    for name in frame.select_dtypes(exclude=["number", "datetime"]):
        risky = frame[name].str.startswith(_RISKY)
        if risky.any():
            guarded[name] = frame[name].mask(risky, "'" + frame[name])
    text = guarded.to_csv(
        index=False, float_format="%.10g", date_format="%Y-%m-%d", lineterminator="\n"
    )
    return text.encode()


def _parquet(frame: pd.DataFrame, told: Sequence[tuple[str, str]], _: Path) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({"kyoten": json.dumps(dict(told), ensure_ascii=False)})
    held = io.BytesIO()
    pq.write_table(table, held)
    return held.getvalue()


def _notes(asked: Chosen, form: Form) -> list[tuple[str, str]]:
    """What a reader of the file must know: the run, what a row is, the two spreads, units."""
    shown = (
        f"yearly or monthly values of {', '.join(asked.policies)}"
        if asked.against is None
        else f"{', '.join(asked.policies)} minus {asked.against}, run by run with the same draws"
    )
    spreads = {
        "table": ("precision_low, precision_high", "futures_low, futures_high"),
        "iamc": ("...|Precision of Mean|Low, High", "...|10th Percentile, 90th Percentile"),
    }[form]
    year = "a year is the sum of its months for a flow, the last month for a stock, else the mean"
    unit = "units are vehicles for cars and trucks, USD at 2017 prices for other goods"
    return [
        ("shown", shown),
        (spreads[0], PRECISION_MEANING),
        (spreads[1], FUTURES_MEANING),
        ("years", year),
        ("units", unit),
        *notes(asked.run),
    ]
