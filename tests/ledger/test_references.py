"""References: every work that a text names is listed, every work listed is named."""

import re

import pytest

from tests.making import statement
from w2s_theory.audit.constants import constants
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.references import WORKS, bibtex, cited
from w2s_theory.ledger.registry import Ledger, load

TEXTS = [entry.reference for entry in load().values()] + [c.reference for c in constants()]


def keys(text):
    return [work.key for work in cited(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cho & Saul 2009, eq. 3 to 6", ["cho2009"]),
        ("Bjorck & Golub 1973 (principal angles); Muirhead 1982", ["bjorck1973", "muirhead1982"]),
        ("Medvedev et al., ICML 2025 (arXiv:2503.02877), section 4", ["medvedev2025"]),
        ("Medvedev, Lyu, Yu, Arora, Li & Srebro 2025, Theorem 3.1", ["medvedev2025"]),
        ("Mehler's formula, DLMF 18.18.28", ["dlmf"]),
        ("Extension of Theorems 3.2 and 3.3", []),
        ("TL;DR of the public summary of arXiv:2503.02877", ["medvedev2025"]),
        ("Extension; the paper's Gaussian universality ansatz", []),
    ],
)
def test_works_are_found_in_texts(text, expected):
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bartlett 1933",
        "Cho & Saul 2010",
        "Extension; Sherman, Morrison & Woodbury",
        "Marchenko & Pastur",
        "Bach et al.",
        "arXiv:1412.8690, lemma 2",
        "NIST 5.11",
    ],
)
def test_an_unknown_work_is_an_error(text):
    with pytest.raises(ValueError, match="reference must name listed works, got "):
        cited(text)
    with pytest.raises(ValueError, match="reference must name listed works"):
        Ledger([statement(q.L_ST >= q.L_TE**2, reference=text)])


def test_every_work_is_cited():
    assert {key for text in TEXTS for key in keys(text)} == {work.key for work in WORKS}


@pytest.mark.parametrize("text", dict.fromkeys(TEXTS))
def test_no_year_of_a_reference_stands_outside_a_citation(text):
    """What the search for citations overlooks would be dropped: it overlooks no year."""
    rest = text
    for name in sorted((name for work in WORKS for name in work.names), key=len, reverse=True):
        rest = rest.replace(name, "")
    assert not re.search(r"(?<!ICML )\b(1[89]|20)\d\d\b", rest)


def test_keys_are_those_of_the_bibliography():
    assert re.findall(r"^@\w+\{(\w+),$", bibtex(), re.MULTILINE) == [work.key for work in WORKS]
    names = [name for work in WORKS for name in work.names]
    assert len(set(names)) == len(names)
