"""The printed claims: what they say and refuse; Coq tells them from their mutants."""

# ruff: noqa: D103

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from claims import SETTINGS, claim, formal_statements, generate
from printer import CoqPrinter
from sympy import (
    Abs,
    Add,
    Eq,
    Expr,
    Function,
    Max,
    Mul,
    N,
    Rational,
    Symbol,
    atan,
    cos,
    exp,
    gamma,
    pi,
    sin,
    sqrt,
    symbols,
    tan,
)
from sympy.core.relational import Relational

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Mutant, Statement

HERE = Path(__file__).resolve().parent
X, Y = symbols("x y", real=True)
COUNT = Symbol("m", integer=True, positive=True)
KNOWN = Function("f")
STATEMENTS = formal_statements()
MUTANTS = [(s, m) for s in STATEMENTS for m in s.mutants]


def coqc(source: str, folder: Path, project: Path = HERE) -> subprocess.CompletedProcess[str]:
    file = folder / "Generated.v"
    file.write_text(source, encoding="utf-8")
    command = ["coqc", "-Q", str(project), "W2S", "-w", "-ambiguous-paths", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def goal(statement: Statement, proof: str) -> str:
    text = claim(statement, SETTINGS[statement.mutant_of or statement.id])
    return f"Goal {text}.\nProof. {proof}.\n"


def nudged(statement: Statement, index: int) -> Statement:
    """One clause is changed: an equation is off by 1/1000, an inequality stronger by 1."""
    clause = statement.claim[index]
    core = clause if isinstance(clause, Relational) else clause.args[1]
    by = {"==": Rational(1, 1000), ">=": 1, ">": 1, "<=": -1, "<": -1}[core.rel_op]
    stronger = core.func(core.lhs, core.rhs + by, evaluate=False)
    changed = (clause.xreplace({core: stronger}),)
    return replace(
        statement, claim=statement.claim[:index] + changed + statement.claim[index + 1 :]
    )


# --- the printer ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        ((sqrt(X) + sqrt(Y) * exp(-X)) ** 2, "(sqrt x + (sqrt y * exp (- x))) ^ 2"),
        (1 - X / 2, "1 - ((1 / 2) * x)"),
        (-(X**2), "- (x ^ 2)"),
        (X / Y**3, "x * (/ (y ^ 3))"),
        (X**Y, "power x y"),
        (cos(X) ** (2 * COUNT) / COUNT, "(/ INR m) * (cos x ^ (2 * m))"),
        (Max(0, X) * Abs(Y), "Rabs y * Rmax 0 x"),
        ((X <= 1) & (X > 0), "(x <= 1) /\\ (x > 0)"),
        (KNOWN(COUNT + 1) ** 2, "f (1 + m)%nat ^ 2"),
    ],
    ids=str,
)
def test_text_of_an_expression(expr: Expr, text: str) -> None:
    assert CoqPrinter({KNOWN: "f"}).also(X, Y, COUNT).doprint(expr) == text


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (gamma(X), "gamma has no translation"),
        (Function("P")(X), "P has no translation"),
        (KNOWN(X), "not a natural number"),
        (X ** (COUNT / 2 - 1), None),
        (X + Symbol("z"), "z has no meaning"),
        (X ** (COUNT - 1), "not a natural number"),
        (~(X > Y) | (Function("P")(X) > 0), "P has no translation"),
    ],
    ids=str,
)
def test_what_cannot_be_said_is_refused(expr: Expr, message: str | None) -> None:
    printer = CoqPrinter({KNOWN: "f"}).also(X, COUNT)
    if message is None:
        assert printer.doprint(expr).startswith("power")
        return
    with pytest.raises(ValueError, match=message):
        printer.also(Y).doprint(expr)


def test_coq_computes_what_sympy_does(tmp_path: Path) -> None:
    at = {X: Rational(3, 7), Y: Rational(5, 4)}
    values = [
        (1 + X - sqrt((1 + 3 * X) * (1 - X))) / 2 - Y / X**2,
        (sqrt(X * Y) + exp(-2 * X) * sqrt(1 - X)) ** 2 + (1 - exp(-Y)) ** 2 * X,
        -(cos(X - Y) ** 3) * sin(Y) + tan(X) / atan(3 * Y) - pi * Abs(X - Y),
        1 - 2 * X * (Y - (X - Y)) / (X + Y) - (Y - X) / 3,
    ]
    printer = CoqPrinter({s: f"({v})" for s, v in at.items()})
    lines = [
        "From Coq Require Import Reals.\nFrom W2S Require Import Constants.\nOpen Scope R_scope."
    ]
    for expr in values:
        middle = int(N(expr.xreplace(at), 30) * 10**12)
        text = f"{middle - 2} / 10 ^ 12 <= {printer.doprint(expr)} <= {middle + 2} / 10 ^ 12"
        lines.append(f"Goal {text}. Proof. interval with (i_prec 90). Qed.")
    done = coqc("\n".join(lines), tmp_path)
    assert done.returncode == 0, done.stderr


# --- the claims -----------------------------------------------------------------------------------


def test_a_statement_without_a_setting_is_named() -> None:
    other = replace(STATEMENTS[0], id="thm-9.9")
    with pytest.raises(ValueError, match=r"thm-9\.9 needs a setting"):
        generate([other])


def test_a_symbol_that_the_setting_does_not_know_is_named() -> None:
    other = replace(STATEMENTS[0], claim=(q.L_TE <= q.PSI,))
    with pytest.raises(ValueError, match="psi has no meaning"):
        generate([other])


def test_an_unbounded_domain_is_not_taken_for_its_first_instances() -> None:
    relu = next(s for s in STATEMENTS if s.id == "spec-relu-3-5")
    with pytest.raises(ValueError, match="instances beyond"):
        generate([replace(relu, assumes=relu.assumes[:1])])


@pytest.mark.parametrize(("statement", "mutant"), MUTANTS, ids=lambda x: x.id)
def test_every_mutant_has_another_text(statement: Statement, mutant: Mutant) -> None:
    setting = SETTINGS[statement.id]
    assert claim(statement.mutated(mutant), setting) != claim(statement, setting)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s.id)
def test_every_assumption_and_every_clause_is_in_the_text(statement: Statement) -> None:
    setting = SETTINGS[statement.id]
    text = claim(statement, setting)
    if setting.instances:
        assert text.count("is_RInt") == 10
        return
    for index in range(len(statement.claim)):
        assert claim(nudged(statement, index), setting) != text
    for index in range(len(statement.assumes)):
        fewer = statement.assumes[:index] + statement.assumes[index + 1 :]
        assert claim(replace(statement, assumes=fewer), setting) != text


# --- Coq ------------------------------------------------------------------------------------------


def test_coq_refuses_every_mutant_and_every_nudged_clause(tmp_path: Path) -> None:
    """By the tactics that prove the claims themselves in the build."""
    wrong = [(s, s.mutated(m)) for s, m in MUTANTS]
    wrong += [(s, nudged(s, i)) for s in STATEMENTS for i in range(len(s.claim))]
    lines = ["From W2S Require Import Bridge Consequences."]
    lines += [goal(w, f"Fail solve [prove_{s.formal}]. Abort") for s, w in wrong]
    done = coqc("\n".join(lines), tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(wrong) > 120


LAST = r" /\\ a_5 4%nat \(- 1 / 256\)\.\n"


@pytest.mark.parametrize(
    ("change", "by", "survives"),
    [
        ("", "", True),
        (rf"relu_sphere :.*?{LAST}Proof.*?Qed", "relu_sphere : True.\nProof. exact I. Qed", False),
        (rf"{LAST}(.*)\n[^\n]*63 \*[^\n]*\n", r".\n\1\n", False),
        (r"relu_sphere :(.*?)splits", r"relu_sphere : 0 = 1 ->\1intro; splits", False),
        (r"density_5 \(t : R\) : R := 3 / 4", r"density_5 (t : R) : R := 1 / 2", False),
    ],
    ids=["as it is", "True", "a conclusion dropped", "a hypothesis added", "another definition"],
)
def test_a_weaker_theorem_breaks_the_build(
    change: str, by: str, survives: bool, tmp_path: Path
) -> None:
    for file in (*HERE.glob("*.v"), *HERE.glob("*.vo")):
        shutil.copy2(file, tmp_path)
    if change:
        spectra = tmp_path / "Spectra.v"
        text, count = re.subn(change, by, spectra.read_text(), count=1, flags=re.DOTALL)
        assert count == 1
        spectra.write_text(text)
    (relu,) = (s for s in STATEMENTS if s.id == "spec-relu-3-5")
    (tmp_path / "Claims.v").write_text(generate([relu]))
    command = "coqc -Q . W2S -w none {}"
    codes = [
        subprocess.run(command.format(name).split(), cwd=tmp_path, check=False).returncode
        for name in ("Spectra.v", "Bridge.v", "Consequences.v", "Claims.v")
    ]
    assert (codes == [0, 0, 0, 0]) is survives
    if not survives and "density" not in change:
        assert codes == [0, 0, 0, 1]  # Coq accepts the theorem; the ledger's claim does not follow


# --- no claim is empty ----------------------------------------------------------------------------

ONE = "R2 (fun _ => unit_x)"
# A point of every setting: there all assumptions hold, so that nothing absurd can be concluded.
POINTS = {
    "def-1": "apply (H R2 unit_x unit_x unit_x 1); at_point",
    "lem-1": f"apply (H {ONE} 1%nat (fun _ => 1) unit_x 0) with (eigenvalue_min := 1); at_point",
    "lem-1-filters": f"apply (H {ONE} 1%nat (fun _ => 1) unit_x) with (filter_min := 1)"
    " (filter_max := 1); at_point",
    "lem-1-convex": "apply (H R2 (fun _ => 0) unit_x unit_x 1); at_point",
    "lem-1-overshoot": "apply (H 1 1 1); at_point",
    "lem-ls": f"apply (H {ONE} 1%nat (fun _ => 1) unit_x) with (residual := 0); at_point",
    "thm-4.1": "apply (H R2 unit_x unit_x unit_x); at_point",
    "cor-1": f"apply (H {ONE} 1%nat (fun _ => 1) unit_x (fun _ => unit_x) 0%nat (fun _ _ => 0) 0)"
    " with (residual := 0) (eigenvalue_min := 0); at_point",
    "thm-4.1-instance": "apply (H R2 unit_x unit_x unit_x 0); at_point",
    "pretrained": "apply (H R2 unit_x unit_x unit_x unit_x 0); at_point",
    "pgr-ceiling": "apply (H R2 unit_x (vscale 0 unit_x) (vscale 0 unit_x) 0); at_point",
    "no-boost": "apply (H R2 unit_x (fun _ => unit_x) 1%nat) with (link_min := 0); at_point",
    "gold-labels": "apply (H R2 unit_x unit_x unit_x 1); at_point",
    "convex-class": "apply (H R2 unit_x unit_x unit_x unit_x) with (class_zero := 0)"
    " (class_target := 0) (class_point := 0); at_point",
    "mixtures": "apply (H R2 unit_x unit_x unit_x unit_x unit_x 1); at_point",
    "linear-head": f"apply (H {ONE} 1%nat (fun _ => 1) unit_x unit_x 0)"
    " with (head_gradient := 0); at_point",
    "weak-validation": f"apply (H {ONE} 1%nat (fun _ => 1) (fun _ => 1) unit_x unit_x 0 0 0)"
    " with (filter_rise := 0) (later_max := 1); at_point",
    "converged": f"apply (H {ONE} 1%nat (fun _ => 1) unit_x along along unit_x)"
    " with (residual := 0); at_point",
    "thm-4.1-best": "apply (H 1); at_point",
    "thm-4.1-sharp": "apply (H 0); at_point",
    "thm-4.1-needs-teacher": "apply (H R2 unit_x (vscale 2 unit_x) unit_x 2); at_point",
    "thm-4.2": "apply (H R2 unit_x unit_x unit_x); at_point",
    "thm-4.2-sharp": "apply (H R2 unit_x unit_x unit_x); at_point;"
    " rewrite sqrt_lem_1 with (y := 1); at_point",
    "cor-2": "apply (H R2 unit_x (fun _ => unit_x) 1%nat) with (link_min := 0); at_point",
    "nstep": "apply (H R2 unit_x (fun _ => unit_x) 1%nat) with (link_min := 0); at_point",
    "nstep-ends": "destruct (H 1 1%nat) as (_ & _ & _ & _ & _ & _ & E); at_point",
    "nstep-sharp": "apply (H 0 1%nat 0) with (link_min := 0);"
    " [lia | pose proof PI_RGT_0; lra | split; [intros; apply Req_le; symmetry |"
    " exists O; split; [lia |]]; apply spiral_link | | | ]; unfold spiral, sqnorm; cbn;"
    " rewrite ?Rmult_0_r, ?Rminus_0_r, ?cos_0, ?sin_0; lra",
    "err-1": "apply (H (1 / 2) (3 / 4) 3); [lra | lra |]; replace (3 / 4 * / (3 / 4)) with 1"
    " by field; rewrite power_pos by lra; unfold Rpower; rewrite ln_1, Rmult_0_r, exp_0; lra",
    "kappa-alignment": f"apply (H {ONE} 1%nat (fun _ => 1) unit_x along along)"
    " with (residual := 0) (kappa_S := 1); at_point",
    "master-bound": f"apply (H {ONE} 1%nat (fun _ => 1) (fun _ => true) (fun _ => true)"
    " (fun _ => unit_x) 1%nat (fun _ => 1) unit_x along 0)"
    " with (residual := 0) (eigenvalue_min := 1) (kappa_S := 1) (lambda_target := 1)"
    " (lambda_out := 1); at_point",
    "master-bound-multiscale": f"apply (H {ONE} 1%nat (fun _ => 1) (fun _ => true)"
    " (fun _ _ => true) (fun _ => 1) (fun _ => 0) (fun _ => 0) 1%nat (fun _ => unit_x) 1%nat"
    " (fun _ => 1) unit_x along 0) with (residual := 0) (eigenvalue_min := 1) (kappa_S := 1)"
    " (lambda_target := 1) (lambda_out := 0) (leaked := 0);"
    " rewrite ?Rmult_0_l, ?Ropp_0, ?exp_0; at_point",
}
AT_POINT = """From W2S Require Import Bridge.
Lemma absurd_at r : 0 * r = 1 -> False. Proof. lra. Qed.
Definition along (x : R2) : R2 := (fst x, 0).
Ltac at_point := unfold projection_on, orthogonal_projection, alignment_at_most, orthonormal,
  gradient_flow, is_least, span, loss, vnorm in *; repeat split; intros; try discriminate; try lia;
  repeat match goal with
  | K : (?i < 1)%nat |- _ => assert (i = O) as -> by lia; clear K
  | |- exists i : nat, _ => exists O
  | |- exists w, forall y, ip (along ?x) y = _ => exists (fun _ => fst x)
  | |- context [Rabs ?x] => replace x with 0 by (cbn; ring); rewrite Rabs_R0
  end; repeat split; intros; try lia; unfold sqnorm in *; cbn in *; try lra; try nra.
"""


def absurd(statement: Statement) -> Statement:
    """0 times the quantities that the assumptions bind is 1."""
    known = SETTINGS[statement.id].limits
    used = {symbol for clause in statement.claim for symbol in clause.free_symbols}
    total = Add(*(symbol for symbol in known if symbol in used))
    return replace(statement, claim=(Eq(Mul(0, total or 1, evaluate=False), 1, evaluate=False),))


def test_every_setting_has_a_point_at_which_all_assumptions_hold(tmp_path: Path) -> None:
    lines = [AT_POINT]
    for s in STATEMENTS:
        if not SETTINGS[s.id].instances:
            lines.append(f"Goal ({claim(absurd(s), SETTINGS[s.id])}) -> False.")
            point = POINTS[s.id]
            start = "eapply absurd_at; " if point.startswith("apply") else ""
            lines.append(f"Proof. intro H. {start}{point}. Qed.")
    done = coqc("\n".join(lines), tmp_path)
    assert done.returncode == 0, done.stderr
