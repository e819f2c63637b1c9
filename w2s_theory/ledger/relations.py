"""Relations as they are typed: SymPy's own, which it is not asked to decide.

To see that no claim holds, or fails, before anybody looks at it cost more than half of the time in
which the ledger loads; a test asks it of every claim, assumption and mutant instead.
"""

from functools import partial

import sympy

Eq, Ge, Gt, Le, Lt, Ne = (
    partial(relation, evaluate=False)
    for relation in (sympy.Eq, sympy.Ge, sympy.Gt, sympy.Le, sympy.Lt, sympy.Ne)
)
