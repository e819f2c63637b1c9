"""Is a conjecture true? Decided where that can be done, searched for a counterexample elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

import numpy as np
from sympy import lambdify

from w2s_theory.arguments import FloatArray, integer
from w2s_theory.certify import Verdict
from w2s_theory.ledger.render import text
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.search.attainable import decided
from w2s_theory.search.conjecture import Conjecture, conjecture
from w2s_theory.search.example import Example, at, from_dict
from w2s_theory.search.premises import StudentRule
from w2s_theory.search.sampling import Cube

TRIES = 20_000
_MOST_CORNERS = 2_500
_ON_A_BOUNDARY = 200
_SNAPPED = 0.15
_STARTS, _PLAIN = 6, 20
_DIGITS = (1, 2, 3, 5, 8, 12, 15)
_ROUNDING, _NOISE = 1e-14, 1e-9
"""What a difference of inner products, and a relative margin, may be by rounding alone."""


class Finding(StrEnum):
    """What is known of a conjecture now.

    PROVED, of every setting in which the claim has a value, and REFUTED are exact. NOT_REFUTED: a
    search found nothing. UNDECIDED: floats fail it and no exact example does. VACUOUS: no setting
    meets its conditions, so nothing was tested.
    """

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    NOT_REFUTED = "NOT_REFUTED"
    UNDECIDED = "UNDECIDED"
    VACUOUS = "VACUOUS"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Inquiry:
    """What was found, and how.

    `because`: what a proof showed, or what is undecided. `tries`: settings drawn in floats, in
    `effective` of them the conditions held and the claim had a value. `tightest_ratio`: smallest
    distance from the claim's edge over its larger side, None if the claim was decided.
    """

    conjecture: Conjecture
    verdict: Finding
    because: tuple[str, ...] = ()
    counterexample: Example | None = None
    tightest_ratio: float | None = None
    tries: int = 0
    effective: int = 0

    def __repr__(self) -> str:
        """The verdict and the claim."""
        return f"{self.verdict.value}: {self.conjecture.text}"

    @property
    def weak(self) -> bool:
        """Whether under a fifth of the tries put the claim to the test."""
        return self.verdict is Finding.NOT_REFUTED and 5 * self.effective < self.tries

    def as_dict(self) -> dict[str, object]:
        """For JSON; `recheck` reads it back."""
        example = self.counterexample
        return {
            "claim": self.conjecture.text,
            **self.conjecture.typed,
            "premises": self.conjecture.premises.text,
            "verdict": self.verdict.value,
            "because": list(self.because),
            "counterexample": None if example is None else example.as_dict() | self._measured(),
            "tightest_ratio": self.tightest_ratio,
            "tries": self.tries,
            "effective": self.effective,
        }

    def _measured(self) -> dict[str, object]:
        values = self.counterexample.values if self.counterexample else {}
        exact = {str(symbol): text(value) for symbol, value in values.items()}
        return {"exact": exact, "values": {str(s): float(v) for s, v in values.items()}}


def inquire(
    asked: Conjecture, *, tries: int = TRIES, seed: int | None = None, progress: Progress = silent
) -> Inquiry:
    """Decide `asked` if it is about L_TE and L_ST alone, else attack it in `tries` settings.

    The search looks at the corners of the space of settings, at the boundary of every condition,
    at random settings, then optimises the tightest; a counterexample is checked exactly. Raises
    `ValueError` if `tries` < 1 or `seed` < 0.

    >>> from w2s_theory.search.conjecture import conjecture
    >>> inquire(conjecture("L_ST >= 0.92*L_TE^2", when=["L_TE <= 1/10"])).verdict.name
    'REFUTED'
    """
    if isinstance(tries, bool) or not isinstance(tries, int) or tries < 1:
        raise ValueError(f"--tries must be an integer >= 1, got {tries!r}")
    seed = None if seed is None else integer("seed", seed, 0)
    exact = decided(asked)
    if exact is not None:
        verdict = Finding[exact.verdict.name]
        return Inquiry(
            conjecture=asked, verdict=verdict, because=exact.because, counterexample=exact.example
        )
    return _Search(asked).run(tries, seed, progress)


def falsify(
    claims: str | Sequence[str],
    *,
    when: str | Sequence[str] = (),
    assume: str | Sequence[str] = (),
    tries: int = TRIES,
    seed: int | None = None,
) -> Inquiry:
    """`inquire` of `conjecture.conjecture(claims, when=..., assume=...)`: `w2s falsify --claim`.

    >>> falsify("L_ST >= 0.75*L_TE^2")
    PROVED: L_ST >= 0.75*L_TE^2
    """
    return inquire(conjecture(claims, when=when, assume=assume), tries=tries, seed=seed)


def recheck(found: str) -> Verdict:
    """What exact arithmetic says of the claim at the counterexample of a JSON answer.

    REFUTED confirms it. PROVED: the claims hold there. VACUOUS: it does not meet the premises or
    the conditions. Raises `ValueError` for text that is no such answer.
    """
    try:
        payload = json.loads(found)
    except json.JSONDecodeError as error:
        raise ValueError(f"--recheck must name a JSON answer of w2s falsify: {error}") from None
    if not isinstance(payload, dict) or not isinstance(payload.get("claims"), list):
        raise ValueError("--recheck must name a JSON answer of w2s falsify --claim, got another")
    lists = {key: payload.get(key, []) for key in ("claims", "when", "assume")}
    if not all(isinstance(t, str) for texts in lists.values() for t in texts):
        raise ValueError("claims, when and assume must be lists of text")
    asked = conjecture(lists["claims"], when=lists["when"], assume=lists["assume"])
    return _judged(asked, from_dict(payload.get("counterexample")))


def _judged(asked: Conjecture, example: Example) -> Verdict:
    met = [example.meets(asked.premises), *(at(c, example.values) for c in asked.conditions)]
    if any(verdict is not Verdict.PROVED for verdict in met):
        return Verdict.VACUOUS
    claims = [at(claim, example.values) for claim in asked.claims]
    if Verdict.REFUTED in claims:
        return Verdict.REFUTED
    return Verdict.PROVED if set(claims) == {Verdict.PROVED} else Verdict.UNDECIDED


class _Search:
    """Settings in floats: gaps of conditions (must be >= 0), margins of claims."""

    def __init__(self, asked: Conjecture) -> None:
        self.asked, self.cube = asked, Cube(asked.premises)
        symbols = sorted(self.cube.values(np.full((1, self.cube.sides), 0.5)), key=str)
        self._symbols = symbols

        def compiled(expr: object) -> Callable[..., FloatArray]:
            function: Callable[..., FloatArray] = lambdify(symbols, expr, "scipy")
            return function

        self._claims = [(compiled(c.gts), compiled(c.lts)) for c in asked.claims]
        self._conditions = [compiled(c.gts - c.lts) for c in asked.conditions]

    def run(self, tries: int, seed: int | None, progress: Progress) -> Inquiry:
        rng = np.random.default_rng(seed)
        points = np.concatenate([self._corners(rng), *self._boundaries(rng)])
        drawn = rng.random((max(tries - len(points), tries // 2, 1), self.cube.sides))
        snap = rng.random(drawn.shape)
        drawn = np.where(snap < _SNAPPED, 0.0, np.where(snap > 1 - _SNAPPED, 1.0, drawn))
        points = np.concatenate([points, drawn])
        margins = self.margins(points)
        effective = np.isfinite(margins)
        looked = Inquiry(
            conjecture=self.asked,
            verdict=Finding.VACUOUS,
            tries=len(points),
            effective=int(effective.sum()),
        )
        if not effective.any():
            return looked
        order = np.argsort(np.where(effective, margins, np.inf))
        best = list(points[order[:_STARTS]])
        for point in self._optimised(points[order[:_STARTS]]):
            best.append(point)
            progress("optimising", len(best) - _STARTS, 2 * _STARTS)
        best.sort(key=lambda point: self.margins(point[None])[0])
        tightest = float(np.nanmin(self.margins(np.array(best))))
        failing = points[np.where(effective, margins, 1) < -_NOISE][:_PLAIN]
        near = list(product(_DIGITS, [*failing, *best]))
        for place, (digits, point) in enumerate(near):
            progress("exactly", place, len(near))
            if self.margins(point[None])[0] > _NOISE:
                continue
            example = self.cube.exact(point, digits)
            if _judged(self.asked, example) is Verdict.REFUTED:
                margin = min(self._exact_margins(example))
                refuted = replace(looked, verdict=Finding.REFUTED, counterexample=example)
                return replace(refuted, tightest_ratio=margin)
        if tightest >= -_NOISE:
            return replace(looked, verdict=Finding.NOT_REFUTED, tightest_ratio=tightest)
        why = (
            f"floats fail the claim by {-tightest:.1e} of its larger side, and no exact setting "
            "near them does: more --tries, or a condition that holds with room to spare"
        )
        undecided = replace(looked, verdict=Finding.UNDECIDED, because=(why,))
        return replace(undecided, tightest_ratio=tightest)

    def margins(self, points: FloatArray) -> FloatArray:
        """The smallest relative margin of the claims at each point; NaN where not effective."""
        values = self.cube.values(points)
        given = [values[symbol] for symbol in self._symbols]
        with np.errstate(all="ignore"):
            result = np.full(len(points), np.inf)
            for larger, smaller in self._claims:
                a, b = (np.asarray(side(*given), dtype=float) for side in (larger, smaller))
                size = np.maximum(np.abs(a), np.abs(b))
                gap = np.where(np.abs(a - b) <= _ROUNDING, 0.0, a - b)
                margin = gap / np.where(size == 0, 1, size)
                result = np.minimum(result, margin)
            met = np.all(self._gaps(points) >= 0, axis=0)
        return np.where(met & np.isfinite(result), result, np.nan)

    def _gaps(self, points: FloatArray) -> FloatArray:
        """Conditions as gaps that must be >= 0, (conditions, n)."""
        values = self.cube.values(points)
        given = [values[symbol] for symbol in self._symbols]
        with np.errstate(all="ignore"):
            gaps = [np.broadcast_to(c(*given), len(points)) for c in self._conditions]
        if self.asked.premises.student is StudentRule.CONVEX:
            teacher, _, (student,) = self.cube.vectors(points)
            towards = (teacher - student) * (np.eye(3)[0] - student)
            gaps.append(-towards.sum(axis=1))
        return np.array(gaps).reshape(-1, len(points))

    def _corners(self, rng: np.random.Generator) -> FloatArray:
        levels = (0.0, 0.5, 1.0)
        if 3**self.cube.sides <= _MOST_CORNERS:
            return np.array(list(product(levels, repeat=self.cube.sides)))
        return rng.choice(levels, (_MOST_CORNERS, self.cube.sides))

    def _boundaries(self, rng: np.random.Generator) -> Iterator[FloatArray]:
        """Points just inside each condition, by bisection between a point inside and one out."""
        points = rng.random((50 * _ON_A_BOUNDARY, self.cube.sides))
        for index, gaps in enumerate(self._gaps(points)):
            inside, outside = points[gaps >= 0], points[gaps < 0]
            count = min(len(inside), len(outside), _ON_A_BOUNDARY)
            if not count:
                continue
            good, bad = inside[:count], outside[:count]
            for _ in range(50):
                middle = (good + bad) / 2
                held = self._gaps(middle)[index][:, None] >= 0
                good, bad = np.where(held, middle, good), np.where(held, bad, middle)
            yield good

    def _optimised(self, starts: FloatArray) -> Iterator[FloatArray]:
        """The margin made as small as it gets from each start, within the conditions."""
        from scipy.optimize import minimize

        def objective(point: FloatArray) -> float:
            margin = float(self.margins(np.clip(point, 0, 1)[None])[0])
            return margin if np.isfinite(margin) else 1.0

        for start in starts:
            for method, limit in (("Nelder-Mead", {"maxfev": 300}), ("SLSQP", {"maxiter": 20})):
                bounds = [(0.0, 1.0)] * self.cube.sides
                found = minimize(objective, start, method=method, bounds=bounds, options=limit)
                yield np.clip(found.x, 0, 1)

    def _exact_margins(self, example: Example) -> Iterator[float]:
        for claim in self.asked.claims:
            a, b = (float(side.xreplace(dict(example.values))) for side in (claim.gts, claim.lts))
            yield (a - b) / max(abs(a), abs(b)) if a != b else 0.0
