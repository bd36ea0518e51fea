"""What the open legal questions and the shipped reforms do to single shipments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sim.law.controls import (
    ControlReform,
    MaterialQuery,
    Query,
    Switches,
    decide,
    decide_material,
    enact_reforms,
    enacted,
    load_reform,
)

LAW = enacted()
OFF = Switches.default()
LATER = date(2027, 12, 1)
JUNE = date(2025, 6, 1)


def us(query: Query, on: date, switches: Switches | None = None, *reforms: str) -> str:
    law = enact_reforms(LAW, [load_reform(name) for name in reforms]) if reforms else None
    return decide(query, on, switches, law).us


def tool(made: str, tool_class: str = "3B991", customer: str = "smic", **more: object) -> Query:
    return Query(tool_class, 0.05, made, made, "CN", customer, **more)  # type: ignore[arg-type]


def test_affiliates_may_stay_free_after_november_2026() -> None:
    query = tool("MY", customer="unlisted", owner="smic", owner_share=0.6)
    assert us(query, date(2026, 12, 1)) == "LIC_PoD"
    assert us(query, date(2026, 12, 1), OFF.but(affiliates_2026_11=False)) == "NLR"


def test_announcement_61_may_stay_suspended() -> None:
    query = MaterialQuery("rare_earth_item", "JP", "JP", "TW", content_share=0.01)
    on = date(2026, 12, 1)
    assert decide_material(query, on).china == "CN_LIC"
    assert decide_material(query, on, OFF.but(china_61_revived=False)).china == "CN_NONE"


def test_the_ban_to_the_united_states_may_stay_suspended() -> None:
    query = MaterialQuery("gallium", "CN", "CN", "US")
    on = date(2026, 12, 1)
    assert decide_material(query, on).china == "CN_BAN"
    assert decide_material(query, on, OFF.but(china_us_ban_2026_11=False)).china == "CN_LIC"


def test_the_match_act_spares_exempt_countries_for_150_days() -> None:
    start = date(2027, 1, 1)
    switches = OFF.but(match_act=start)
    query = tool("JP", customer="hua_hong")
    assert us(query, start - timedelta(days=1), switches) == "NLR"
    assert us(query, start, switches) == "EXEMPT_S4"
    assert us(query, start + timedelta(days=149), switches) == "EXEMPT_S4"
    assert us(query, start + timedelta(days=150), switches) == "LIC_PoD"
    assert us(tool("MY", customer="hua_hong"), start, switches) == "LIC_PoD"


def test_an_aligned_country_keeps_its_exemption_under_the_match_act() -> None:
    switches = OFF.but(match_act=date(2027, 1, 1), match_act_aligned=["JP"])
    assert us(tool("JP", customer="hua_hong"), LATER, switches) == "EXEMPT_S4"
    assert us(tool("NL", customer="hua_hong"), LATER, switches) == "LIC_PoD"


def test_the_match_act_names_chip_makers_and_leaves_others_their_ordinary_tools() -> None:
    switches = OFF.but(match_act=date(2027, 1, 1))
    assert us(tool("JP", customer="nexchip"), LATER, switches) == "NLR"
    assert us(tool("JP", "DUV1980", "nexchip"), LATER, switches) == "LIC_PoD"


def test_the_match_act_reform_does_what_its_switch_does() -> None:
    switches = OFF.but(match_act=date(2027, 1, 1))
    for made in ("JP", "MY"):
        for customer in ("hua_hong", "nexchip", "cxmt"):
            query = tool(made, customer=customer)
            assert us(query, LATER, None, "match_act") == us(query, LATER, switches)


def test_the_facility_limb_may_start_later() -> None:
    query = tool("MY", customer="cxmt")
    assert us(query, date(2024, 12, 20)) == "LIC_PoD"
    assert us(query, date(2024, 12, 20), OFF.but(facility_limb_from="2025-01-16")) == "NLR"
    assert us(query, date(2025, 1, 16), OFF.but(facility_limb_from="2025-01-16")) == "LIC_PoD"
    assert us(query, date(2025, 6, 1), OFF.but(facility_limb_from=None)) == "NLR"


def test_korea_may_join_supplement_4() -> None:
    query = tool("KR", "3B001", "hua_hong")
    joined = OFF.but(korea_in_supp4="2027-06-01")
    assert us(query, date(2027, 5, 31), joined) == "LIC_PoD"
    assert us(query, date(2027, 6, 1), joined) == "EXEMPT_S4"
    assert us(query, LATER, None, "korea_joins_supplement_4") == "EXEMPT_S4"


def test_tools_may_count_as_direct_products_for_huawei() -> None:
    query = tool("JP", customer="huawei", node="mature")
    on = date(2023, 3, 1)
    assert us(query, on) == "NLR"
    assert us(query, on, OFF.but(fn1_tools_are_direct_products=True)) == "LIC_PoD"
    assert us(query, date(2020, 8, 16), OFF.but(fn1_tools_are_direct_products=True)) == "NLR"
    direct = tool("JP", customer="huawei", node="mature", direct_product=True)
    assert us(direct, on) == "LIC_PoD"


def test_a_tool_without_any_chip_escapes_the_equipment_rule() -> None:
    assert us(tool("MY", "3B001", "hua_hong", contains_ic=False), date(2025, 6, 1)) == "NLR"


def test_200_mm_tools_for_smic_are_reviewed_case_by_case() -> None:
    on = date(2025, 6, 1)
    assert us(tool("MY", wafer_mm=200, node="mature"), on) == "LIC_CBC"
    assert us(tool("MY", wafer_mm=300, node="mature"), on) == "LIC_PoD"


def test_the_exemption_is_lost_for_sellers_with_chinese_headquarters() -> None:
    on = date(2025, 6, 1)
    assert us(tool("JP", "3B993", exporter_hq="CN"), on) == "LIC_PoD"
    assert us(tool("JP", "3B993", exporter_hq="JP"), on) == "EXEMPT_S4"
    assert us(tool("JP", "3B991", exporter_hq="CN"), on) == "EXEMPT_S4"


def test_a_military_user_is_denied() -> None:
    query = Query("3B991", 1.0, "US", "US", "CN", "nexchip", military=True)
    assert us(query, date(2020, 6, 28)) == "NLR"
    assert us(query, date(2020, 6, 29)) == "LIC_PoD"


def test_japan_without_its_exemption_is_treated_as_malaysia() -> None:
    for made in ("JP", "MY"):
        assert (
            us(tool(made, "3B001", "hua_hong"), LATER, None, "japan_loses_supplement_4")
            == "LIC_PoD"
        )


def test_without_october_2022_the_older_policy_of_smic_stands_again() -> None:
    heavy = Query("3B991", 1.0, "US", "US", "CN", "smic", node="mature")
    assert us(heavy, LATER) == "LIC_PoD"
    assert us(heavy, LATER, None, "no_october_2022_and_after") == "LIC_CBC"
    assert us(tool("MY", "3B001"), LATER, None, "no_october_2022_and_after") == "NLR"
    japan = decide(
        tool("JP", "3B001"),
        LATER,
        law=enact_reforms(LAW, [load_reform("no_october_2022_and_after")]),
    )
    assert japan.japan == "JP_LIC"


def test_without_controls_everything_is_free() -> None:
    law = enact_reforms(LAW, [load_reform("no_controls")])
    for made in ("JP", "MY", "US", "NL"):
        for customer in ("smic", "ymtc", "huawei", "jhicc"):
            assert decide(tool(made, "3B001", customer), LATER, law=law).free


def test_detente_keeps_the_lists_and_drops_the_latest_measures() -> None:
    law = enact_reforms(LAW, [load_reform("detente")])
    query = tool("MY", customer="unlisted", owner="smic", owner_share=0.6)
    assert decide(query, LATER, law=law).us == "NLR"
    assert decide(Query("3B001", 1.0, "US", "US", "CN", "hua_hong"), LATER, law=law).us == "LIC_PoD"
    subaru = MaterialQuery("dual_use", "CN", "CN", "JP", "Subaru")
    assert decide_material(subaru, LATER, law=law).china == "CN_LIC"


def test_full_countermeasures_ban_what_was_watched() -> None:
    law = enact_reforms(LAW, [load_reform("china_full_countermeasures")])
    never = OFF.but(china_61_revived=False, china_us_ban_2026_11=False)
    gallium = MaterialQuery("gallium", "CN", "CN", "US")
    subaru = MaterialQuery("dual_use", "CN", "CN", "JP", "Subaru")
    civil = MaterialQuery("dual_use", "CN", "CN", "JP", "a maker of lamps")
    assert decide_material(gallium, LATER, never, law).china == "CN_BAN"
    assert decide_material(subaru, LATER, never, law).china == "CN_BAN"
    assert decide_material(civil, LATER, never, law).china == "CN_LIC_STRICT"


def test_reforms_compose_in_their_order() -> None:
    query = tool("JP", "3B001", "hua_hong")
    lost, none = "japan_loses_supplement_4", "no_october_2022_and_after"
    assert us(query, LATER, None, lost) == "LIC_PoD"
    assert us(query, LATER, None, lost, none) == "NLR"
    assert us(query, LATER, None, none, lost) == "NLR"


def test_a_rule_can_be_delayed() -> None:
    reform = ControlReform.model_validate(
        {
            "name": "later", "title": "t", "source": "s", "start": date(2024, 1, 1),
            "changes": [
                {"act": "delay", "rules": ["us_sme_fdp", "us_sme_list_2024"], "until": JUNE},
            ],
        }
    )  # fmt: skip
    law = enact_reforms(LAW, [reform])
    query = tool("MY", "3B001", "hua_hong")
    assert [decide(query, day, law=law).us for day in (date(2025, 5, 31), date(2025, 6, 1))] == [
        "NLR",
        "LIC_PoD",
    ]


def test_the_same_rule_can_be_altered_twice() -> None:
    def alter(name: str, start: date, end: date, code: str) -> ControlReform:
        return ControlReform.model_validate(
            {
                "name": name, "title": "t", "source": "s", "start": start, "end": end,
                "changes": [{"act": "alter", "rules": ["us_sme_list_2024"], "code": code}],
            }
        )  # fmt: skip

    law = enact_reforms(
        LAW,
        [
            alter("one", date(2026, 1, 1), date(2026, 12, 31), "LIC_CBC"),
            alter("two", date(2026, 7, 1), date(2027, 6, 30), "LIC_APPROVE"),
        ],
    )
    query = Query("3B001", 1.0, "US", "US", "CN", "hua_hong")
    days = [
        date(2025, 6, 1),
        date(2026, 3, 1),
        date(2026, 9, 1),
        date(2027, 3, 1),
        date(2027, 9, 1),
    ]
    answers = [decide(query, day, law=law).us for day in days]
    assert answers == ["LIC_PoD", "LIC_CBC", "LIC_APPROVE", "LIC_APPROVE", "LIC_PoD"]


def test_every_limb_says_its_statute_and_what_it_found() -> None:
    decision = decide(tool("JP", "3B001", "smic"), date(2025, 2, 15))
    assert all(limb.citation and limb.finding and limb.source for limb in decision.limbs)
    met = {limb.rule for limb in decision.limbs if limb.applied}
    assert {"us_sme_fdp", "jp_23_items"} <= met
    assert "Supplement 4" in decision.reason
    assert decision.reason.count("\n") == 0


def test_a_bulk_licence_can_cover_allies_and_not_china() -> None:
    on = date(2025, 2, 15)
    assert "general bulk" in decide(Query("3B001", 0.05, "JP", "JP", "TW", "tsmc"), on).reason
    assert "general bulk" not in decide(tool("JP", "3B001"), on).reason


def test_a_query_may_say_that_its_own_tool_is_on_japans_list() -> None:
    assert decide(tool("JP", "3B993", jp_listed=True), date(2025, 2, 15)).japan == "JP_LIC"
    assert decide(tool("JP", "3B993"), date(2025, 2, 15)).japan == "JP_NONE"


@pytest.mark.parametrize(
    ("share", "answer"), [(None, "CN_NONE"), (0.0005, "CN_NONE"), (0.002, "CN_LIC")]
)
def test_a_tool_with_chinese_rare_earths_falls_under_announcement_61(
    share: float | None, answer: str
) -> None:
    query = Query("3B991", 0.05, "JP", "JP", "TW", "tsmc", rare_earth_share=share)
    assert decide(query, date(2026, 12, 1)).china == answer


def test_the_netherlands_are_reported_for_context() -> None:
    query = tool("NL", "DUV1980")
    assert decide(query, date(2024, 9, 6)).netherlands == "NL_NONE"
    assert decide(query, date(2024, 9, 7)).netherlands == "NL_LIC"
    assert decide(tool("JP"), date(2024, 9, 7)).netherlands == "NOT_NL"


def test_an_authorisation_is_not_inherited_from_an_owner() -> None:
    query = Query(
        "3B991", 1.0, "US", "US", "CN", "unlisted", "samsung_xian", 0.6, "nand"
    )  # fmt: skip
    assert us(query, date(2025, 10, 15)) == "LIC_PoD"


def test_an_entity_list_entry_outweighs_an_authorisation() -> None:
    change = {"act": "enlist", "parties": ["samsung_xian"], "list": "entity_list", "policy": "pod"}
    reform = ControlReform.model_validate(
        {"name": "x", "title": "t", "source": "s", "start": "2025-01-01", "changes": [change]}
    )
    query = Query("3B991", 1.0, "US", "US", "CN", "samsung_xian")
    assert us(query, JUNE) == "AUTH_VEU"
    assert decide(query, JUNE, law=enact_reforms(LAW, [reform])).us == "LIC_PoD"


def test_what_comes_to_the_united_states_is_no_export() -> None:
    assert us(Query("3B991", 1.0, "US", "JP", "US", "huawei"), JUNE) == "NLR"


def test_an_exemption_can_be_taken_from_a_rule() -> None:
    change = {"act": "alter", "rules": ["us_sme_fdp", "us_sme_list_2024"], "no_exemption": True}
    reform = ControlReform.model_validate(
        {"name": "x", "title": "t", "source": "s", "start": "2025-01-01", "changes": [change]}
    )
    query = tool("JP", "3B001", "hua_hong")
    assert us(query, JUNE) == "EXEMPT_S4"
    assert decide(query, JUNE, law=enact_reforms(LAW, [reform])).us == "LIC_PoD"
