"""Small statements, settings and reproducible draws for the tests of the core."""

import warnings
from fractions import Fraction

from flint import arb
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as options

from w2s_theory.certify import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Assumption, Evidence, Kind, Mutant, Source, Statement
from w2s_theory.search.settings import BallSetting, NumberSetting

MUTANT = Mutant(id="none", change="no assumptions", assumes=())


def statement(*claim, id="made", **changes):
    """A statement with this claim; everything else can be overridden."""
    entry = {
        "kind": Kind.LEMMA,
        "title": "Made up",
        "source": Source.EXTENSION,
        "text": "For a test.",
        "needs": (Evidence.PROPERTY,),
        "reference": "none",
        "mutants": (MUTANT,),
    }
    return Statement(id=id, claim=claim, **{**entry, **changes})


def assuming(condition, id="made"):
    """An assumption without prose."""
    return Assumption(id, "made up", condition)


def numbers(grants=(), **values):
    """`numbers(L_TE=0)`: a setting of exact numbers, by the names in `quantities`."""
    pairs = tuple((getattr(q, name), Fraction(value)) for name, value in values.items())
    return NumberSetting(pairs, grants)


def balls(grants=(), **ends):
    """`balls(L_TE=(0, 1))`: a setting of balls that contain these intervals."""
    pairs = tuple(
        (getattr(q, name), arb(to_fmpq(lo)).union(arb(to_fmpq(hi))))
        for name, (lo, hi) in ends.items()
    )
    return BallSetting(pairs, grants)


def draws(strategy, count):
    """The same `count` examples of a strategy in every run."""
    found = []

    @options(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example):
        found.append(example)

    with warnings.catch_warnings():
        # Hypothesis would print an example only if `collect` failed.
        warnings.filterwarnings("ignore", message="Generating overly large repr")
        collect()
    return found
