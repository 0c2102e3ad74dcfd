from __future__ import annotations

from mappings.reasons import REASONS, VERSION


def test_the_keys_never_change() -> None:
    assert VERSION == "1"
    assert " ".join(REASONS) == (
        "product_gap quality_reliability value_not_realised onboarding_adoption support_service "
        "price budget_cut competitor consolidation champion_left acquired_merged out_of_business "
        "needs_changed poor_fit legal_security payment_failure trust deceased unknown other"
    )


def test_what_is_in_our_hands_has_a_department_that_can_mend_it() -> None:
    for reason in REASONS.values():
        assert reason.label
        assert reason.comes_back
        if reason.controllable:
            assert reason.fixed_by
