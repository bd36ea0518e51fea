"""Frames become sorted Arrow tables of the exact schema."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.axes import month_range
from sim.errors import RunError
from sim.meanings import Group
from sim.results.run_folder.arrow import arrange, schema
from sim.tables import TABLES
from tests.plausible import frames

MONTHS = month_range(date(2017, 1, 1), date(2018, 12, 1))
LANES = [(policy, "base", r) for policy in ("b", "a") for r in (3, 0, 10)]


@cache
def whole() -> dict[str, pd.DataFrame]:
    return frames(LANES, MONTHS)


def outcomes() -> pd.DataFrame:
    return whole()["outcomes"]


def plain(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas().astype(dict.fromkeys(("policy", "outcome", *Group._fields), "str"))


@pytest.mark.parametrize("table", TABLES)
def test_every_table_gets_the_schema_of_sim_tables(table: str, tmp_path) -> None:
    found = arrange(TABLES[table], whole()[table])
    assert found.schema.names == schema(TABLES[table]).names
    for got, wanted in zip(found.schema, schema(TABLES[table]), strict=True):
        kind = got.type.value_type if pa.types.is_dictionary(got.type) else got.type
        assert kind == wanted.type


def test_rows_are_sorted_by_key_with_replications_as_numbers() -> None:
    rows = plain(arrange(TABLES["outcomes"], outcomes()))
    key = list(TABLES["outcomes"].key)
    assert rows[key].equals(rows[key].sort_values(key, kind="stable").reset_index(drop=True))
    assert list(rows["replication"].unique()) == [0, 3, 10]


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_categories_changes_nothing(random) -> None:
    frame = outcomes().iloc[:400]
    order = list(range(len(frame)))
    random.shuffle(order)
    other = frame.iloc[order].reset_index(drop=True)
    words = [*frame["country"].cat.categories, "never used"]
    random.shuffle(words)
    other["country"] = other["country"].cat.set_categories(words)
    other["outcome"] = other["outcome"].astype("str")
    table = TABLES["outcomes"]
    first, second = arrange(table, frame), arrange(table, other)
    assert first.equals(second)
    for name in ("country", "outcome"):
        dictionaries = [t[name].chunk(0).dictionary.to_pylist() for t in (first, second)]
        assert dictionaries[0] == dictionaries[1]


def test_rows_with_the_same_key_are_ordered_by_their_values() -> None:
    frame = pd.concat([outcomes().iloc[:3]] * 2, ignore_index=True)
    frame["value"] = np.arange(6)[::-1]
    values = arrange(TABLES["outcomes"], frame)["value"].to_pylist()
    again = arrange(TABLES["outcomes"], frame.iloc[::-1])["value"].to_pylist()
    assert values == again
    assert sorted(values) == [0, 1, 2, 3, 4, 5]


def test_an_undefined_number_becomes_null_and_minus_zero_becomes_zero() -> None:
    frame = outcomes().iloc[:2].copy()
    frame["value"] = [np.nan, -0.0]
    values = arrange(TABLES["outcomes"], frame)["value"]
    assert values.null_count == 1
    assert str(values.drop_null()[0].as_py()) == "0.0"


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_an_infinite_number_is_refused(value: float) -> None:
    frame = outcomes().copy()
    frame.loc[3, "value"] = value
    with pytest.raises(RunError, match="value holds an infinite"):
        arrange(TABLES["outcomes"], frame)


def test_a_missing_word_is_refused() -> None:
    frame = outcomes().copy()
    frame.loc[3, "rule"] = None
    with pytest.raises(RunError, match="rule holds an empty value"):
        arrange(TABLES["outcomes"], frame)


def test_columns_in_another_order_are_refused() -> None:
    frame = outcomes()
    with pytest.raises(RunError, match="columns"):
        arrange(TABLES["outcomes"], frame[list(frame.columns)[::-1]])


def test_keys_too_wide_for_one_integer_still_sort() -> None:
    rng = np.random.default_rng(0)
    frame = frames(LANES, MONTHS, detail=99)["flows"].copy()
    for name in ("experiment", "firm", "product", "origin", "market", "policy", "scenario"):
        frame[name] = [f"{name}{i}" for i in rng.permutation(len(frame)) * 7919]
    frame["replication"] = (rng.permutation(len(frame)) * 10**6).astype("int32")
    rows = arrange(TABLES["flows"], frame).to_pandas()
    key = list(TABLES["flows"].key)
    wanted = frame.sort_values(key)["units"].to_numpy()
    assert np.array_equal(rows["units"].to_numpy(), wanted)
