"""python-flint has one precision for all threads: public functions take turns and restore it."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from flint import arb, ctx

import w2s_theory
from w2s_theory.certify import precision
from w2s_theory.certify.balls import precision_is_held
from w2s_theory.models.parallel import run_parallel, silent
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teachers
from w2s_theory.spectra import get_activation
from w2s_theory.theorems.floors import floors


@pytest.fixture(autouse=True)
def eager_switching():
    """Threads change places as often as they can, and none may leave a precision behind."""
    before, interval = ctx.prec, sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
    assert ctx.prec == before


def exact(ball):
    """Centre and radius. Text would be at the precision that another thread holds just then."""
    return ball.mid().man_exp(), ball.rad().man_exp()


def together(jobs):
    """The results of all jobs, each in a thread of its own, started at once."""
    gate = threading.Barrier(len(jobs))

    def run(job):
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_certified_functions_agree_with_themselves_in_every_thread():
    def chain():
        found = floors("1/3", chain=2, digits=30)
        return exact(found.floor), exact(found.chain_floor)

    def coefficient():
        sigma = get_activation("relu")
        return exact(sigma.certified(6, 5, digits=40)), exact(
            get_activation("tanh").certified(3, 4)
        )

    # Alone, but in new threads too: Arb keeps the nodes and constants that a thread has needed, at
    # the precision of then, and a radius differs in its last bits where there were more of them.
    alone = [*together([chain]), *together([coefficient])]
    assert together([chain, coefficient] * 3) == alone * 3


def test_teachers_are_fitted_on_many_threads():
    model = ReluSphere(7)  # a dimension whose seeds no other test has computed
    target = harmonic_target(Harmonic(1, np.eye(7)[0]))
    batches = [model.sample_features(6, np.random.default_rng(i)) for i in range(8)]
    losses = [[teacher.loss for teacher in fit_teachers(model, batches, target)] for _ in range(2)]
    assert losses[0] == losses[1]


def test_a_thread_waits_until_the_precision_is_restored():
    seen = []

    def wait():
        with precision(100):
            seen.append(ctx.prec)

    with precision(300):
        other = threading.Thread(target=wait)
        other.start()
        for _ in range(200):
            arb(2).sqrt()
        assert ctx.prec == 300
        assert seen == []
        with precision(50):
            assert ctx.prec == 50
        assert ctx.prec == 300
    other.join()
    assert seen == [100]


def test_a_pool_inside_a_precision_does_not_wait_for_itself():
    def work(number):
        with precision(80):
            return number, threading.get_ident()

    with precision(200):
        assert precision_is_held()
        found = run_parallel(work, range(4), "stage", silent)
    assert not precision_is_held()
    assert found == [(i, threading.get_ident()) for i in range(4)]


def test_no_module_sets_the_precision_behind_the_back_of_the_others():
    root = Path(w2s_theory.__file__).parent
    setting = [path for path in root.rglob("*.py") if "workprec" in path.read_text("utf-8")]
    assert setting == [root / "certify" / "balls.py"]
    reading = [path for path in root.rglob("*.py") if "ctx.prec" in path.read_text("utf-8")]
    assert reading == [root / "certify" / "balls.py"]
    assert "ctx.prec =" not in reading[0].read_text("utf-8")
