"""`w2s spectrum`: the eigenvalues of a random-feature kernel, degree by degree."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from w2s_theory.commands.output import echo_table, emit, fail, reports_bad_input
from w2s_theory.commands.theory import Json

_FORMATS = (".png", ".pdf", ".svg")

app = typer.Typer()
PLACE = 20


@app.command()
@reports_bad_input
def spectrum(
    activation: Annotated[
        str, typer.Option(help="relu, step, abs, erf, gelu, ..., or sigma(t).")
    ] = "relu",
    dim: Annotated[
        int | None, typer.Option(help="Dimension d: inputs on S^{d-1}; 32 if not given.")
    ] = None,
    max_degree: Annotated[int, typer.Option(help="Degrees 0 to this one.")] = 10,
    measure: Annotated[str, typer.Option(help="sphere or gaussian (then without d).")] = "sphere",
    digits: Annotated[int | None, typer.Option(help="Certified digits instead of floats.")] = None,
    latex: Annotated[bool, typer.Option("--latex", help="The closed form, d symbolic.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw the eigenvalues against degree.")] = None,
    as_json: Json = False,
) -> None:
    """Print the kernel spectrum of an activation.

    Degree by degree: coefficient, eigenvalue and multiplicity.
    """
    if (latex, plot is not None, as_json).count(True) > 1:
        fail("only one of --latex, --json and --plot may be given")
    if digits is not None and (latex or plot is not None):
        fail("--digits goes with --json or the table only")
    if plot is not None and (plot.suffix not in _FORMATS or not plot.parent.is_dir()):
        fail(f"plot must be a {', '.join(_FORMATS)} file in an existing folder, got '{plot}'")
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.spectra import tabulate

    request = tabulate.requested(activation, dim, max_degree, measure)
    if latex:
        typer.echo(tabulate.latex(request))
        return
    if plot is not None:
        from w2s_theory.experiments.figures.style import styled

        with styled():
            left_out = tabulate.plot(request, plot)
        if left_out:
            typer.echo(f"left out of the drawing: {left_out}", err=True)
        return
    sys.set_int_max_str_digits(0)  # a multiplicity may have more than 4300 digits
    found = []
    with progress_bar(quiet=as_json) as progress:
        for row in tabulate.rows(request, digits):
            found.append(row)
            progress("degrees", len(found), request.max_degree + 1)
    if as_json:
        emit(
            {
                "activation": activation,
                "measure": measure,
                "dim": request.dim,
                "degrees": [
                    {
                        "degree": row.degree,
                        "multiplicity": row.multiplicity,
                        "coefficient": _number(row.coefficient, digits),
                        "eigenvalue": _number(row.eigenvalue, digits),
                        "log_eigenvalue": row.log_eigenvalue,
                    }
                    for row in found
                ],
            }
        )
        return

    lines = [["degree", "multiplicity", "coefficient", "eigenvalue"]]
    for row in found:
        pairs = ((row.coefficient, row.log_eigenvalue / 2), (row.eigenvalue, row.log_eigenvalue))
        numbers = (_shown(value, log, digits) for value, log in pairs)
        lines.append([str(row.degree), _count(row.multiplicity), *numbers])
    echo_table(lines)


def _number(value: Any, digits: int | None) -> Any:
    from w2s_theory.certify import describe

    return value if digits is None else describe(value, digits)


def _shown(value: Any, log: float, digits: int | None) -> str:
    """A number of 15 digits, or of 5 from its logarithm where no float64 is small enough."""
    if digits is None:
        if abs(value) >= sys.float_info.min or math.isinf(log):  # below, floats lose digits
            return f"{value:.15g}"
        exponent = math.floor(log / math.log(10))
        mantissa = math.copysign(math.exp(log - exponent * math.log(10)), value)
        if abs(mantissa) >= 9.99995:
            mantissa, exponent = mantissa / 10, exponent + 1
        return f"{mantissa:.4f}e{exponent}"
    described = _number(value, digits)
    return f"{described['mid']} +- {described['rad']}"


def _count(value: int) -> str:
    text = str(value)
    if len(text) <= 18:
        return text
    lead = str((int(text[:7]) + 5) // 10)  # 6 digits, or 1000000
    return f"{lead[0]}.{lead[1:6]}e{len(text) - 7 + len(lead)}"
