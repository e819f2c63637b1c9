import subprocess
import sys

import pytest

from w2s_theory import certify


def test_import_loads_neither_sympy_nor_flint():
    code = (
        "import sys, w2s_theory.certify\n"
        "raise SystemExit(any(name in sys.modules for name in ('sympy', 'flint', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_functions_named_like_their_modules_stay_functions():
    code = (
        "from w2s_theory.certify.decide import Decision\n"
        "from w2s_theory.certify import decide, enclose, lower, minimise, recheck\n"
        "raise SystemExit(not all(map(callable, (decide, enclose, lower, minimise, recheck))))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_name_resolves():
    for name in certify.__all__:
        assert getattr(certify, name) is not None
    assert set(certify.__all__) <= set(dir(certify))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = certify.nonsense
