"""The linear model: law of the teacher and exact student."""

from __future__ import annotations

from sympy import (
    Eq,
    Expr,
    Ge,
    Integer,
    Symbol,
    betainc_regularized,
    diff,
    exp,
    gamma,
    rf,
    simplify,
    symbols,
)

from proofs.operators import operator, operator_equal
from proofs.steps import Proof, Step, concludes, equal
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.linear import (
    LINEAR_TEACHER,
    LOSS_CDF,
    LOSS_DENSITY,
    LOSS_QUANTILE,
    MEAN_LOSS,
    MODEL,
    STATIONARITY,
    share,
)
from w2s_theory.ledger.statement import Statement

_N, _M = symbols("n M", positive=True)
_A, _B, _Z = symbols("a b z", positive=True)


def gives(name: str, actual: Expr, expected: Expr, because: str) -> Step:
    """Two expressions with special functions are equal: SymPy's simplification of the quotient."""

    def run() -> Verdict:
        same = simplify(actual / expected) == 1 or simplify(actual - expected) == 0
        return Verdict.PROVED if same else Verdict.UNDECIDED

    return Step(name=name, claim=Eq(actual, expected, evaluate=False), because=because, check=run)


def _sherman_morrison() -> Step:
    """G = z z^T + W: 1/(1 - z^T G^-1 z) = 1 + z^T W^-1 z."""
    x = Symbol("x", positive=True)
    z, zt, w, wi = (operator(name) for name in ("z", "z^T", "W", "W^-1"))
    check = operator_equal(
        "push through",
        zt * wi * (w + z * zt),
        (1 + zt * wi * z) * zt,
        {(wi, w): (), (w, wi): ()},
        "z the strong coordinates of the features, W = psi times the Gram matrix of the weak ones: "
        "z^T G^-1 z = x/(1 + x), x = z^T W^-1 z",
    )
    loss = 1 - x / (1 + x)
    odds = equal(
        "odds",
        (1 - loss) / loss,
        x,
        "L_TE = 1 - z^T G^-1 z (least squares, f* = <e_1, x>), so q = (1 - L)/L = z^T W^-1 z. "
        "Given z, ||z||^2/(z^T (W/psi)^-1 z) ~ chi^2_(d-M) whatever z (Wishart with d - 1 degrees "
        "of freedom, Muirhead 1982, th. 3.2.12), and ||z||^2 ~ chi^2_M: q = X/(psi Y)",
    )
    return Step(
        name="Sherman-Morrison",
        claim=odds.claim,
        because=f"{check.because}; {odds.because}",
        check=lambda: check.check() & odds.check(),
    )


def _moment(power: int) -> tuple[Step, ...]:
    """E X^p and E Y^-p of chi^2 variables, from their Gamma integrals."""
    shift = 2**power * gamma(_M / 2 + power) / gamma(_M / 2)
    inverse = gamma(_N / 2 - power) / (2**power * gamma(_N / 2))
    rising = _M if power == 1 else _M * (_M + 2)
    falling = _N - 2 if power == 1 else (_N - 2) * (_N - 4)
    return (
        gives(f"E X^{power}", shift, rising, "E X^p = 2^p Gamma(M/2 + p)/Gamma(M/2)"),
        gives(f"E Y^-{power}", inverse, 1 / falling, "E Y^-p = 2^-p Gamma(n/2 - p)/Gamma(n/2)"),
    )


def prove_law_linear(statement: Statement) -> Proof:
    """q = X/(psi Y); the share Y/(X + Y) is Beta; moments of q; density, quantile and mean."""
    cdf, odds, odds2, mean_loss = statement.claim
    k = Symbol("k", integer=True, nonnegative=True)
    n = q.DIM - q.WIDTH
    x, y = symbols("x y", positive=True)
    loss = q.PSI * y / (q.PSI * y + x)
    series = q.PSI * rf(_A, k + 1) / rf(_A + _B, k + 1) * (1 - q.PSI) ** k
    hyper_term = q.PSI * _A / (_A + _B) * rf(_A + 1, k) / rf(_A + _B + 1, k) * (1 - q.PSI) ** k
    mean = MEAN_LOSS.expr.xreplace({q.WIDTH: 2 * _B, q.DIM: 2 * (_A + _B)})
    (series_hyper,) = mean.atoms(type(MEAN_LOSS.expr.args[-1]))
    return Proof(
        statement,
        (
            _sherman_morrison(),
            equal(
                "share",
                share(loss, q.PSI),
                y / (x + y),
                "L <= x where Y/(X + Y) <= x/(x + psi (1 - x)), and Y/(X + Y) ~ "
                "Beta((d-M)/2, M/2) (Lukacs)",
            ),
            concludes(
                "distribution",
                cdf,
                Eq(
                    q.LOSS_CDF,
                    betainc_regularized(
                        n / 2, q.WIDTH / 2, 0, q.LOSS_AT / (q.LOSS_AT + q.PSI * (1 - q.LOSS_AT))
                    ),
                ),
                "the distribution function of that Beta law",
                MODEL,
            ),
            gives("density", diff(LOSS_CDF.expr, q.LOSS_AT), LOSS_DENSITY.expr, "its derivative"),
            equal(
                "quantile",
                share(LOSS_QUANTILE.expr),
                LOSS_QUANTILE.args[0],
                "the share of a quantile of L is the quantile of the share",
            ),
            gives(
                "mean, term by term",
                series,
                hyper_term,
                "E L = sum_k psi (1 - psi)^k E B^(k+1), E B^(k+1) = (a)_(k+1)/(a+b)_(k+1): a 2F1, "
                "0 < psi < 2; both sides are analytic in psi > 0",
            ),
            equal(
                "mean",
                mean / series_hyper,
                q.PSI * _A / (_A + _B),
                "its factor in front, a = (d-M)/2, b = M/2",
            ),
            concludes(
                "mean loss", mean_loss, Eq(q.MEAN_LOSS, MEAN_LOSS.expr), "the series summed", MODEL
            ),
            *_moment(1),
            *_moment(2),
            concludes(
                "mean of q",
                odds,
                Eq(q.MEAN_ODDS, q.WIDTH / (q.PSI * (n - 2))),
                "E q = E X E (1/Y)/psi",
                MODEL,
            ),
            concludes(
                "second moment of q",
                odds2,
                Eq(q.MEAN_ODDS2, q.WIDTH * (q.WIDTH + 2) / (q.PSI**2 * (n - 2) * (n - 4))),
                "E q^2 = E X^2 E (1/Y^2)/psi^2",
                MODEL,
            ),
        ),
    )


def _loss() -> Expr:
    """||f_S - f*||^2 from the coordinates: along e_1, and the rest."""
    along = 1 - q.TEACHER_NORM2
    s_one, s_psi = s.GRADIENT_FLOW(Integer(1), q.TIME), s.GRADIENT_FLOW(q.PSI, q.TIME)
    noise = q.TEACHER_NORM2 - q.TEACHER_NORM2**2
    return ((1 - s_one * (1 - along)) ** 2 + s_psi**2 * noise).xreplace(
        {q.TEACHER_NORM2: 1 - q.L_TE}
    )


def prove_student_linear(statement: Statement) -> Proof:
    """<f_T, e_1> = ||f_T||^2 = 1 - L, so the weak directions hold (1-L) - (1-L)^2 = L (1-L)."""
    loss, slope, floor = statement.claim
    exact = _loss()
    decay = exp(-q.TIME)
    return Proof(
        statement,
        (
            concludes(
                "loss",
                loss,
                Eq(q.L_ST, exact),
                "<f_T, f*> = ||f_T||^2 = 1 - L_TE (lem-ls)",
                *LINEAR_TEACHER,
            ),
            equal("slope", diff(exact, q.TIME), slope.rhs, "its derivative", is_clause=True),
            equal(
                "optimal time",
                slope.rhs,
                2 * (1 - q.L_TE) * STATIONARITY.expr,
                "for 0 < L < 1 the loss is stationary where STATIONARITY vanishes",
            ),
            equal(
                "above L^2",
                exact - q.L_TE**2,
                decay * (1 - q.L_TE) * (2 * q.L_TE + decay * (1 - q.L_TE))
                + (1 - exp(-q.PSI * q.TIME)) ** 2 * q.L_TE * (1 - q.L_TE),
                "a sum of products of nonnegative numbers for 0 <= L <= 1",
            ),
            concludes("floor", floor, Ge(q.L_ST, q.L_TE**2), "the last step"),
        ),
    )
