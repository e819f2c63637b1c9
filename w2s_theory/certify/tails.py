"""Rigorous remainders of infinite sums."""

from flint import arb


def _check(**terms: arb) -> None:
    for name, value in terms.items():
        if not isinstance(value, arb):
            raise ValueError(f"{name} must be an arb, got {value!r}")


def geometric_tail(first: arb, ratio: arb) -> arb:
    """Ball [0, b] that contains sum_(j>=0) t_j whenever 0 <= t_j <= first * ratio^j.

    Errors: ValueError unless first >= 0 and 0 <= ratio < 1, provably.
    """
    _check(first=first, ratio=ratio)
    if not first >= 0:
        raise ValueError(f"first must be >= 0, got {first}")
    if not (ratio >= 0 and ratio < 1):
        raise ValueError(f"ratio must lie in [0, 1), got {ratio}")
    return arb(0).union((first / (1 - ratio)).upper())


def power_tail(constant: arb, exponent: arb, start: int) -> arb:
    """Ball [0, b] that contains sum_(k>=start) t_k whenever 0 <= t_k <= constant * k^-exponent.

    By the integral test b = C n^-p + C n^(1-p) / (p-1), n = start.
    Errors: ValueError unless constant >= 0, exponent > 1 provably, and start >= 1.
    """
    _check(constant=constant, exponent=exponent)
    if isinstance(start, bool) or not isinstance(start, int) or start < 1:
        raise ValueError(f"start must be an integer >= 1, got {start!r}")
    if not constant >= 0:
        raise ValueError(f"constant must be >= 0, got {constant}")
    if not exponent > 1:
        raise ValueError(f"exponent must be > 1, got {exponent}")
    n = arb(start)
    first = (-exponent * n.log()).exp()
    return arb(0).union((constant * first * (1 + n / (exponent - 1))).upper())
