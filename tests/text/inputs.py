"""Random inputs: arithmetic as a user types it, and what a user types by mistake or in malice."""

import string

UNARY = (
    *("sqrt", "abs", "exp", "log", "ln", "sin", "cos", "tan", "asin", "acos", "atan", "sinh"),
    *("cosh", "tanh", "erf", "erfc", "gamma", "loggamma", "factorial"),
)
CONSTANTS = ("pi", "e", "euler_gamma", "catalan", "golden_ratio")
ODD = ["(", ")", "^", "**", "*", "/", "-", "+", ",", ".", "e", "1e9", "9" * 30, "_", "0", "beta"]
ODD += ["\u0663", "\uff11", "\u00b2", "\u2028", "\x00", "\ud800", "\u03c0", "\U0001f600", "\u2212"]
ODD += ["__import__", "lambda:", "[", "'", "\\", "\n", " ", "nan", "oo", "1_000", "0x1f", "1j", "="]


def number(rng):
    kind = rng.random()
    if kind < 0.7:
        return str(rng.randrange(13))
    if kind < 0.85:
        return str(rng.randrange(13, 400))
    return f"{rng.choice(['', rng.randrange(5)])}.{rng.choice(['5', '25', '1', '125', '3'])}"


def arithmetic(rng, depth=4):
    """A well-formed expression; it may still have no value."""
    kind = rng.random()
    if depth == 0 or kind < 0.15:
        return rng.choice(CONSTANTS) if rng.random() < 0.1 else number(rng)
    if kind < 0.55:
        gap = rng.choice(["", " "])
        sides = arithmetic(rng, depth - 1), arithmetic(rng, depth - 1)
        return f"{sides[0]}{gap}{rng.choice('+-*/')}{gap}{sides[1]}"
    if kind < 0.7:
        return f"({arithmetic(rng, depth - 1)})"
    if kind < 0.8:
        return rng.choice("-+-") + arithmetic(rng, depth - 1)
    if kind < 0.9:
        base = rng.choice([number(rng), f"({arithmetic(rng, depth - 1)})"])
        exponents = [*map(str, range(4)), "-1", "-2", "(1/3)", "(-1/2)", "(2/3)", "0.5", "(1+1)"]
        return f"{base}{rng.choice(['^', '**'])}{rng.choice([*exponents, '2^2', 'pi'])}"
    if kind < 0.98:
        return f"{rng.choice(UNARY)}({arithmetic(rng, depth - 1)})"
    sides = arithmetic(rng, depth - 1), arithmetic(rng, depth - 1)
    return f"{rng.choice(['binomial', 'beta'])}({sides[0]}, {sides[1]})"


def hostile(rng):
    """An expression, perhaps repeated, nested, cut or with odd pieces; at most 1,100 characters."""
    kind = rng.random()
    if kind < 0.02:
        return "".join(rng.choice([*ODD, *string.printable]) for _ in range(rng.randrange(300)))
    if kind < 0.04:
        return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(40)))
    if kind < 0.05:
        return _to_the_brim(rng)
    text = arithmetic(rng, rng.randrange(5))
    if rng.random() < 0.05:
        text = rng.choice("+-*/^,(").join([text] * rng.randrange(2, 300))
    if rng.random() < 0.03:
        depth = rng.randrange(60)
        head = rng.choice(["(", "-(", "1/(1+", "2^(", *(f"{name}(" for name in UNARY)])
        text = head * depth + text + ")" * depth
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 5])):
        place = rng.randrange(len(text) + 1)
        odd = rng.choice([*ODD, rng.choice(string.printable), arithmetic(rng, 1)])
        text = text[:place] + odd + text[place + rng.choice([0, 0, 1, 3]) :]
    return text[:1100]


def _to_the_brim(rng):
    """Terms or factors that are slow to evaluate, as many as 1,000 characters hold."""
    size = rng.choice(["9999", "19999", "1e3", "1e-90", "1e-5", "0.5", "15000.5", "(1/3)"])
    made = (f"{rng.choice(UNARY)}({rng.choice([size, number(rng)])})", f"{size}^{number(rng)}")
    piece = rng.choice([*made, f"binomial({size}, {size}/2)", f"beta({size}, {number(rng)})"])
    sign = rng.choice("+-*/^")
    return sign.join([piece] * rng.choice([1, 2, (1001 // (len(piece) + 1))]))
