"""Every flow of 2017 has the grade of the weakest fact that it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.axes import COUNTRY_INDEX
from sim.data.dataset import load_dataset, packaged_folder
from sim.data.evidence import EVIDENCE
from sim.world.build import load_world
from sim.world.grades import flow_grades, volume_by_grade

US, CHINA, MEXICO, KOREA = (COUNTRY_INDEX[one] for one in ("US", "CN", "MX", "KR"))


def grade(line: str, origin: int, market: int, overlay: Path | None = None) -> str:
    over = () if overlay is None else (overlay,)
    world, data = load_world(overlays=over), load_dataset(overlays=over)
    n = [one.id for one in world.lines].index(line)
    return EVIDENCE[flow_grades(world, data)[n, origin, market]]


def test_a_fitted_flow_is_derived_at_best() -> None:
    data = load_dataset()
    rows = {row.text("country"): row for row in data.where("output_2017", line="honda_cars")}
    sold = {row.text("market"): row for row in data.where("sales_2017", line="honda_cars")}
    assert rows["JP"].text("evidence") == sold["JP"].text("evidence") == "read"
    japan = COUNTRY_INDEX["JP"]
    assert grade("honda_cars", japan, japan) == "derived"


def test_a_given_flow_is_as_weak_as_its_margin(tmp_path: Path) -> None:
    head = (packaged_folder() / "flow_facts.csv").read_text("utf-8").splitlines()[0]
    row = "toyota_light_trucks,MX,US,sales,0.29,0.22,0.36,declared,,high,read"
    (tmp_path / "flow_facts.csv").write_text(f"{head}\n{row}\n", "utf-8")
    (sold,) = load_dataset().where("sales_2017", line="toyota_light_trucks", market="US")
    assert sold.text("evidence") not in ("read", "cited")
    assert grade("toyota_light_trucks", MEXICO, US, tmp_path) == sold.text("evidence")


def test_a_given_flow_is_as_weak_as_its_fact(tmp_path: Path) -> None:
    head = (packaged_folder() / "flow_facts.csv").read_text("utf-8").splitlines()[0]
    row = "nissan_cars,KR,US,sales,0.0825,0.0425,0.1225,declared,,low,estimated"
    (tmp_path / "flow_facts.csv").write_text(f"{head}\n{row}\n", "utf-8")
    assert grade("nissan_cars", KOREA, US) == "derived"
    assert grade("nissan_cars", KOREA, US, tmp_path) == "estimated"


@pytest.mark.parametrize("evidence", ["recalled", "estimated"])
def test_revenue_of_goods_weighs_too(tmp_path: Path, evidence: str) -> None:
    head, *rows = (packaged_folder() / "lines.csv").read_text("utf-8").splitlines()
    row = next(one for one in rows if one.startswith("kyocera_printers,"))
    weaker = row.rsplit(",", 1)[0] + f",{evidence}"
    (tmp_path / "lines.csv").write_text(f"{head}\n{weaker}\n", "utf-8")
    assert grade("kyocera_printers", CHINA, US, tmp_path) == evidence


def test_volumes_add_up_and_a_route_is_part_of_them() -> None:
    world, data = load_world(), load_dataset()
    whole, route = volume_by_grade(world, data), volume_by_grade(world, data, "CN", "US")
    assert whole[-1].product == "all"
    assert whole[-1].usd == pytest.approx(sum(one.usd for one in whole[:-1]))
    flow = (world.base_flow[:, CHINA, US] * world.price_usd).sum()
    assert route[-1].usd == pytest.approx(float(flow))
    for one in (*whole, *route):
        assert sum(one.shares.values()) == pytest.approx(1.0 if one.usd > 0.0 else 0.0)
