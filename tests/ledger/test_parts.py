"""Modules that declare a part of a list are found by themselves, in a fixed order."""

import pytest

from w2s_theory.ledger.parts import parts


@pytest.fixture
def package(tmp_path, monkeypatch):
    """`package(name, module=source, ...)`: a package of these modules that can be imported."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(name, **modules):
        (tmp_path / name).mkdir()
        for module, source in {"__init__": "", **modules}.items():
            (tmp_path / name / f"{module}.py").write_text(source)
        return name

    return make


def names(modules):
    return [module.__name__.split(".")[-1] for module in modules]


def test_order_is_by_place_then_by_name(package):
    made = package(
        "ordered",
        zebra="PLACE = 10; ITEMS = ()",
        apple="PLACE = 20; ITEMS = ()",
        bear="PLACE = 10; ITEMS = ()",
        tools="HELPER = 1",
    )
    assert names(parts(made, "ITEMS")) == ["bear", "zebra", "apple"]


@pytest.mark.parametrize("source", ["ITEMS = ()", "PLACE = 3"])
def test_half_a_declaration_is_an_error(package, source):
    made = package(f"half_{len(source)}", odd=source)
    with pytest.raises(ValueError, match=r"\.odd must define ITEMS and PLACE, got (ITEMS|PL)"):
        parts(made, "ITEMS")


def test_the_ledger_and_the_audit_are_found():
    assert names(parts("w2s_theory.ledger", "STATEMENTS")) == [
        *("limits", "sharpness", "rules", "chains", "errata", "consequences", "convex_students"),
        *("spectra", "spectra_kernels"),
        *(
            "alignment",
            "relu",
            "rate",
            "theorem_3_1",
            "linear",
            "linear_bounds",
            "universality",
            "teacher_forms",
        ),
        "rate_power",
        *("trained_students", "measurements"),
    ]
    assert names(parts("w2s_theory.audit", "declared"))[0] == "limit_constants"
