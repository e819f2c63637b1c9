"""The linear model: law of the teacher, exact student, Theorems 3.2 and 3.3."""

from __future__ import annotations

from sympy import (
    Eq,
    Expr,
    Ge,
    Integer,
    Le,
    Min,
    Rational,
    Symbol,
    betainc_regularized,
    diff,
    exp,
    gamma,
    limit,
    log,
    oo,
    rf,
    simplify,
    symbols,
)

from proofs.operators import operator, operator_equal
from proofs.steps import Proof, Step, combination, concludes, decided, equal
from w2s_theory.certify import Verdict, prove_sign
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.linear import (
    LINEAR_TEACHER,
    LOSS_CDF,
    LOSS_DENSITY,
    LOSS_QUANTILE,
    MEAN_LOSS,
    MODEL,
    SCALING,
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


def tends(name: str, expr: Expr, symbol: Symbol, value: Expr, because: str) -> Step:
    """The limit as symbol -> infinity (Gruntz's algorithm, exact)."""

    def run() -> Verdict:
        same = simplify(limit(expr, symbol, oo) - value) == 0
        return Verdict.PROVED if same else Verdict.UNDECIDED

    return Step(name=name, claim=Eq(expr, value, evaluate=False), because=because, check=run)


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
    cdf, odds, odds2 = statement.claim
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
                        n / 2,
                        q.WIDTH / 2,
                        0,
                        q.LOSS_AT / (q.LOSS_AT + q.PSI * (1 - q.LOSS_AT)),
                    ),
                ),
                "the distribution function of that Beta law",
                MODEL,
            ),
            gives(
                "density",
                diff(LOSS_CDF.expr, q.LOSS_AT),
                LOSS_DENSITY.expr,
                "its derivative",
            ),
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
                "0 < psi < 1",
            ),
            equal(
                "mean",
                mean / series_hyper,
                q.PSI * _A / (_A + _B),
                "its factor in front, a = (d-M)/2, b = M/2",
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


def _excess() -> tuple[Step, ...]:
    """min_t L_ST/L^2 - 1 between q m and q (2x + y^2) + q^2 x^2, x = exp(-t), y = s_psi."""
    x, y, odds = symbols("x y q", nonnegative=True)
    loss = 1 / (1 + odds)
    ratio = ((1 - (1 - x) * (1 - loss)) ** 2 + y**2 * loss * (1 - loss)) / loss**2
    return (
        equal(
            "ratio",
            ratio,
            1 + odds * (2 * x + y**2) + odds**2 * x**2,
            "student-linear with L = 1/(1 + q)",
        ),
        combination(
            "from below",
            odds * (2 * x + y**2) + odds**2 * x**2 - odds * (2 * x + y**2),
            [(odds**2, x**2)],
            [],
            "so E min_t (ratio - 1) >= E q min_t (2 exp(-t) + s_psi(t)^2)",
        ),
    )


def _rate(root: Symbol) -> tuple[Step, ...]:
    """q (2 psi^2 + 4 psi^2 ell^2) + q^2 psi^4 <= 8 ell^2/r^3 for r >= 4, as ell^2 >= 15/2."""
    noise = root**3 - root**2 - 1  # d - M - 2
    small = Rational(2, 15)
    gap = 8 * root**2 * noise * (noise - 2) - root**3 * (
        (4 + 2 * small) * root**2 * (noise - 2) + small * (root**2 + 2)
    )
    return (
        decided(
            "ell at M = 16", Ge(log(16) ** 2, Rational(15, 2)), "ell = log M grows with M >= 16"
        ),
        equal(
            "upper bound over ell^2",
            (4 + 2 * small) / noise + small * (root**2 + 2) / (root**2 * noise * (noise - 2)),
            8 / root**3 - gap / (root**5 * noise * (noise - 2)),
            "1 <= (2/15) ell^2 and s_psi(t) <= psi t = 2 ell/M, with E q = r^4/(r^3 - r^2 - 1)",
        ),
        Step(
            name="the gap is nonnegative from r = 4 on",
            claim=Ge(gap, 0, evaluate=False),
            because="Sturm",
            check=lambda: prove_sign(gap, root, 4, oo).verdict,
        ),
    )


def prove_thm_3_2(statement: Statement) -> Proof:
    """Explicit bounds from the moments of q; their rates in M."""
    below, above, rate = statement.claim
    ell = log(1 / q.PSI)
    last = 2 * ell - log(2 * ell**2)
    root = Symbol("r", positive=True)  # M = r^2, d - M = 1 + r^3 - r^2, psi = 1/r^2
    odds = root**2 / (root**-2 * (root**3 - root**2 - 1))
    odds2 = root**2 * (root**2 + 2) / (root**-4 * (root**3 - root**2 - 1) * (root**3 - root**2 - 3))
    leading = 4 * log(root**2) ** 2 / root**3
    upper = odds * (2 / root**4 + (2 * log(root**2) / root**2) ** 2) + odds2 / root**8
    first = 4 * log(root**2) ** 2 / root**4
    second = ((2 * log(root**2) - log(2 * log(root**2) ** 2)) / root**2) ** 2
    return Proof(
        statement,
        (
            *_excess(),
            equal(
                "before tau",
                2 * exp(-last),
                4 * q.PSI**2 * ell**2,
                "2 exp(-t) + s_psi^2 is at least 2 exp(-tau) up to tau and s_psi(tau)^2 from there",
            ),
            concludes(
                "lower bound",
                below,
                Ge(
                    q.MEAN_RATIO,
                    1 + q.MEAN_ODDS * Min(4 * q.PSI**2 * ell**2, (1 - exp(-q.PSI * last)) ** 2),
                ),
                "tau = 2 log(1/psi) - log(2 log(1/psi)^2); L_ST/L_TE^2 averaged over q",
            ),
            concludes(
                "upper bound",
                above,
                Le(
                    q.MEAN_RATIO,
                    1
                    + q.MEAN_ODDS * (2 * q.PSI**2 + (1 - exp(-2 * q.PSI * ell)) ** 2)
                    + q.MEAN_ODDS2 * q.PSI**4,
                ),
                "at t = 2 log(1/psi), exp(-t) = psi^2",
            ),
            *_rate(root),
            concludes(
                "rate",
                rate,
                Le(q.MEAN_RATIO, 1 + 8 * log(q.WIDTH) ** 2 / q.WIDTH ** Rational(3, 2)),
                "the upper bound with psi = 1/M, M = r^2",
                SCALING,
            ),
            tends(
                "L_TE ~ M^(-1/2)",
                odds / root,
                root,
                Integer(1),
                "E q = E (1 - L)/L ~ M^(1/2) with M = r^2, and q concentrates (next step)",
            ),
            tends(
                "concentration",
                odds2 / odds**2,
                root,
                Integer(1),
                "the relative variance of q vanishes",
            ),
            tends(
                "leading term from above",
                upper / leading,
                root,
                Integer(1),
                "s_psi(t) <= psi t; so the mean is 1 + 4 log(M)^2 M^(-3/2) (1 + o(1))",
            ),
            tends(
                "leading term from below, before tau",
                odds * first / leading,
                root,
                Integer(1),
                "the first argument of Min",
            ),
            tends(
                "leading term from below, after tau",
                odds * second / leading,
                root,
                Integer(1),
                "the second; s_psi(tau)/(psi tau) -> 1 because psi tau -> 0",
            ),
        ),
    )


def prove_thm_3_3(statement: Statement) -> Proof:
    """q -> 1/c in mean square; the excess vanishes. The clauses at finite M are measured."""
    width, c = symbols("M c", positive=True)
    psi = c / width
    odds = width / (psi * (width**2 - 2))
    odds2 = width * (width + 2) / (psi**2 * (width**2 - 2) * (width**2 - 4))
    upper = odds * (2 * psi**2 + (2 * psi * log(1 / psi)) ** 2) + odds2 * psi**4
    limit_odds = 1 / c
    return Proof(
        statement,
        (
            *_excess(),
            tends("mean of q", odds, width, limit_odds, "d - M = M^2, psi = c/M"),
            tends(
                "variance of q",
                odds2 - odds**2,
                width,
                Integer(0),
                "so q -> 1/c in mean square, and L_TE = 1/(1 + q) in probability",
            ),
            equal("limit of L_TE", 1 / (1 + limit_odds), c / (1 + c), "L = 1/(1 + q)"),
            tends(
                "excess",
                upper,
                width,
                Integer(0),
                "min_t L_ST/L_TE^2 - 1 is at most this in mean, at t = 2 log(1/psi)",
            ),
            equal(
                "PGR",
                1 - c / (1 + c),
                1 / (1 + c),
                "PGR = 1 - L_ST/L_TE -> 1 - L_TE, the ceiling being 0",
            ),
        ),
    )
