"""`check_model`: the models here pass, and a model broken in one member is refused by its check."""

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.experiments.test_draws import Plain
from w2s_theory.experiments.gains import mixed_target
from w2s_theory.experiments.named import sphere_target
from w2s_theory.models import check_model
from w2s_theory.models.base import DenseSystem
from w2s_theory.models.linear_features import LinearTarget
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere

SPHERE, TARGET = ReluSphere(4), mixed_target(4, {1: 0.6, 2: 0.4})


@pytest.mark.parametrize(
    ("model", "target", "not_run"),
    [
        (SPHERE, TARGET, ("operator",)),
        (LinearGaussian([1.0, 0.1], [2, 30]), LinearTarget((0.6, 0.8)), ()),
        (ReluSphere(3, "tanh"), mixed_target(3, {1: 1.0}), ("operator",)),
        (SPHERE, None, ("operator", "energies", "overlaps", "system", "expansion")),
    ],
    ids=str,
)
def test_the_models_here_conform_and_what_was_not_run_is_said(model, target, not_run):
    found = check_model(Plain(model), target)
    assert found.not_run == not_run
    assert len(found.passed) + len(not_run) == 11


def test_a_target_of_infinitely_many_degrees_conforms():
    found = check_model(SPHERE, sphere_target(SPHERE, "network:5"), max_degree=40)
    assert found.passed[-4:] == ("energies", "overlaps", "system", "expansion")


def scaled(name, factor):
    """A member of which the result is ``factor`` times too large."""
    return {name: lambda model: lambda *args: factor * getattr(model, name)(*args)}


def changed(name, change):
    """A member of which the result is changed."""
    return {name: lambda model: lambda *args: change(getattr(model, name)(*args))}


class Small(DenseSystem):
    """A system that understates its rounding."""

    def magnitude(self, sizes):
        return 0 * sizes


def flattered(found):
    """Overlaps a fifth too large, the noise in step."""
    parallel = found.overlaps**2 / np.where(found.overlaps != 0, [0, 0.6, 0.4, 1, 1], 1)
    return replace(found, overlaps=1.2 * found.overlaps, noise=found.noise - 0.44 * parallel)


BROKEN = [
    ({"tail_trace": None}, "have the member tail_trace, got none in Broken"),
    (changed("sample_features", lambda rows: rows[1:]), "sample 24 features when asked to, got 23"),
    (changed("gram", lambda g: g[:, 1:]), "finite Gram matrix of shape"),
    (changed("gram", lambda g: g - 0.3 * np.eye(len(g))), "positive semidefinite Gram matrix, got"),
    (changed("gram", lambda g: g + np.triu(g, 1)), "(symmetric)"),
    (
        {"sample_features": lambda m: lambda w, _: m.sample_features(w, np.random.default_rng())},
        "draw the same features from one seed",
    ),
    (scaled("cross_gram", 1.001), "have cross_gram = gram"),
    (
        changed("gram", lambda g: g * (1.1 if len(g) < 20 else 1)),
        "have gram of a slice = its block",
    ),
    (
        changed("eigenspaces", lambda s: replace(s, multiplicities=s.multiplicities[1:])),
        "list eigenspaces in arrays of one shape",
    ),
    (
        changed("eigenspaces", lambda s: replace(s, eigenvalues=-s.eigenvalues)),
        "have eigenvalues, errors and beyond >= 0",
    ),
    (
        changed("eigenspaces", lambda s: replace(s, multiplicities=0 * s.multiplicities)),
        "have multiplicities >= 1",
    ),
    (changed("eigenspaces", lambda s: replace(s, beyond=0.0)), "bound later eigenvalues by beyond"),
    (scaled("space_gram", -1), "positive semidefinite space_gram 0"),
    (scaled("space_gram", 1.5), "space_grams that sum to at most the Gram matrix"),
    (scaled("tail_trace", 0), "space_grams that sum to the Gram matrix"),
    (scaled("tail_trace", 3), "have tail_trace = the mean trace beyond"),
    (
        changed("eigenspaces", lambda s: replace(s, multiplicities=s.multiplicities * 2))
        | {"tail_trace": lambda model: lambda listed: model.tail_trace(listed / 2)},
        "have eigenvalue times multiplicity 0",
    ),
    (
        changed(
            "eigenspaces",
            lambda s: replace(
                s, eigenvalues=s.eigenvalues / 2, multiplicities=s.multiplicities * 2
            ),
        ),
        "have eigenvalue 0 as its features show it",
    ),
    (changed("ball_gram", lambda g: [[2 * x for x in row] for row in g]), "have ball_gram = gram"),
    (scaled("target_energies", -1), "have target_energies >= 0"),
    (scaled("target_energies", 0.9), "target_tail that sum to 1, got 0.9"),
    (changed("target_tail", lambda t: 0.1), "target_tail that sum to 1, got 1.1"),
    (changed("unlearnable_energy", lambda e: 0.2), "unlearnable_energy = the energy at"),
    (changed("target_overlaps", lambda b: b[1:]), "have an overlap a feature"),
    (scaled("target_overlaps", 5), "have overlaps of a unit target"),
    (scaled("target_overlaps", 0.9), "extended_system.overlaps = target_overlaps"),
    (
        changed("extended_system", lambda s: replace(s, gram=1.01 * s.gram)),
        "extended_system.product = gram",
    ),
    (
        changed("extended_system", lambda s: Small(s.gram, s.overlaps, 0.0, 0.0)),
        "extended_system.magnitude >= ",
    ),
    (
        changed("extended_system", lambda s: replace(s, gram_error=-1.0)),
        "state the errors of extended_system",
    ),
    (
        changed("expand", lambda e: replace(e, energies=0.5 * e.energies)),
        "expand.energies = w.space_gram.w",
    ),
    (changed("expand", lambda e: replace(e, noise=0.5 * e.noise)), "have expand.noise = energy"),
    (
        changed("expand", lambda e: replace(e, overlaps=e.overlaps + 0.01 * (e.overlaps == 0))),
        "have no overlap where the target has no energy",
    ),
    (changed("expand", flattered), "have expand.overlaps that sum to <f_T, f"),
    (
        changed("expand", lambda e: replace(e, noise_errors=-e.noise_errors)),
        "state the errors of expand",
    ),
]


@pytest.mark.parametrize(("members", "message"), BROKEN, ids=[message for _, message in BROKEN])
def test_a_model_broken_in_one_member_is_refused(members, message):
    class Broken:
        def __getattr__(self, name):
            if name in members:
                if members[name] is None:
                    raise AttributeError(name)
                return members[name](SPHERE)
            return getattr(SPHERE, name)

    with pytest.raises(ValueError, match=re.escape(message)):
        check_model(Broken(), TARGET, max_degree=4)


def test_a_broken_operator_is_refused():
    model = LinearGaussian([1.0, 0.1], [2, 30])

    class Broken(Plain):
        def operator(self, features):
            return LinearGaussian([1.0, 0.2], [2, 30]).operator(features)

    with pytest.raises(ValueError, match="have operator = gram/width"):
        check_model(Broken(model))
