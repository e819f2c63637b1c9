"""The works that statements refer to; a text that names a work listed here is a citation of it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """A BibTeX entry, and the names by which texts cite it, the usual one first."""

    bibtex: str
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """What `\\cite` takes."""
        return self.bibtex[self.bibtex.index("{") + 1 : self.bibtex.index(",")]

    def __str__(self) -> str:
        """The usual name, for reference texts."""
        return self.names[0]


PAPER = Work(
    r"""@inproceedings{medvedev2025,
  author    = {Medvedev, Marko and Lyu, Kaifeng and Yu, Dingli and Arora, Sanjeev and Li, Zhiyuan
               and Srebro, Nathan},
  title     = {Weak-to-Strong Generalization Even in Random Feature Networks, Provably},
  booktitle = {International Conference on Machine Learning},
  year      = {2025},
  note      = {arXiv:2503.02877}
}""",
    ("Medvedev et al.", "Medvedev, Lyu, Yu, Arora, Li & Srebro 2025", "arXiv:2503.02877"),
)
IN_PAPER = f"{PAPER}, ICML 2025 (arXiv:2503.02877)"
CHO_SAUL = Work(
    r"""@inproceedings{cho2009,
  author    = {Cho, Youngmin and Saul, Lawrence K.},
  title     = {Kernel Methods for Deep Learning},
  booktitle = {Advances in Neural Information Processing Systems},
  volume    = {22},
  year      = {2009}
}""",
    ("Cho & Saul 2009",),
)
ATKINSON_HAN = Work(
    r"""@book{atkinson2012,
  author    = {Atkinson, Kendall and Han, Weimin},
  title     = {Spherical Harmonics and Approximations on the Unit Sphere: An Introduction},
  publisher = {Springer},
  year      = {2012}
}""",
    ("Atkinson & Han 2012",),
)
MUIRHEAD = Work(
    r"""@book{muirhead1982,
  author    = {Muirhead, Robb J.},
  title     = {Aspects of Multivariate Statistical Theory},
  publisher = {Wiley},
  year      = {1982}
}""",
    ("Muirhead 1982",),
)
POLYAK = Work(
    r"""@article{polyak1964,
  author  = {Polyak, Boris T.},
  title   = {Some Methods of Speeding Up the Convergence of Iteration Methods},
  journal = {USSR Computational Mathematics and Mathematical Physics},
  volume  = {4},
  number  = {5},
  pages   = {1--17},
  year    = {1964}
}""",
    ("Polyak 1964",),
)
BJORCK_GOLUB = Work(
    r"""@article{bjorck1973,
  author  = {Bj{\"o}rck, {\AA}ke and Golub, Gene H.},
  title   = {Numerical Methods for Computing Angles Between Linear Subspaces},
  journal = {Mathematics of Computation},
  volume  = {27},
  number  = {123},
  pages   = {579--594},
  year    = {1973}
}""",
    ("Bjorck & Golub 1973",),
)
BACH = Work(
    r"""@article{bach2017,
  author  = {Bach, Francis},
  title   = {On the Equivalence between Kernel Quadrature Rules and Random Feature Expansions},
  journal = {Journal of Machine Learning Research},
  volume  = {18},
  number  = {21},
  pages   = {1--38},
  year    = {2017}
}""",
    ("Bach 2017",),
)
TROPP = Work(
    r"""@article{tropp2015,
  author  = {Tropp, Joel A.},
  title   = {An Introduction to Matrix Concentration Inequalities},
  journal = {Foundations and Trends in Machine Learning},
  volume  = {8},
  number  = {1--2},
  pages   = {1--230},
  year    = {2015}
}""",
    ("Tropp 2015",),
)
SHERMAN_MORRISON = Work(
    r"""@article{sherman1950,
  author  = {Sherman, Jack and Morrison, Winifred J.},
  title   = {Adjustment of an Inverse Matrix Corresponding to a Change in One Element of a Given
             Matrix},
  journal = {The Annals of Mathematical Statistics},
  volume  = {21},
  number  = {1},
  pages   = {124--127},
  year    = {1950}
}""",
    ("Sherman & Morrison 1950",),
)
WOODBURY = Work(
    r"""@techreport{woodbury1950,
  author      = {Woodbury, Max A.},
  title       = {Inverting Modified Matrices},
  institution = {Statistical Research Group, Princeton University},
  type        = {Memorandum Report},
  number      = {42},
  year        = {1950}
}""",
    ("Woodbury 1950",),
)
DLMF = Work(
    r"""@misc{dlmf,
  key   = {DLMF},
  title = {{NIST} {Digital} {Library} of {Mathematical} {Functions}},
  note  = {F. W. J. Olver and others, editors}
}""",
    ("DLMF",),
)
CHARIKAR = Work(
    r"""@inproceedings{charikar2024,
  author    = {Charikar, Moses and Pabbaraju, Chirag and Shiragur, Kirankumar},
  title     = {Quantifying the Gain in Weak-to-Strong Generalization},
  booktitle = {Advances in Neural Information Processing Systems},
  volume    = {37},
  year      = {2024}
}""",
    ("Charikar, Pabbaraju & Shiragur 2024",),
)
QUADRATIC = Work(
    r"""@misc{quadratic2026,
  key   = {Quadratic},
  title = {Quadratic Weak-to-Strong Generalization in Random Feature Networks via Random Matrix
           Theory},
  year  = {2026},
  note  = {arXiv:2610.09044}
}""",
    ("arXiv:2610.09044",),
)
WORKS = (
    *(PAPER, CHO_SAUL, ATKINSON_HAN, MUIRHEAD, POLYAK),
    *(BJORCK_GOLUB, SHERMAN_MORRISON, WOODBURY, DLMF, BACH, TROPP, CHARIKAR, QUADRATIC),
)

_SURNAME = r"[A-Z][\w'-]*[a-z]"
_AUTHORS = rf"(?:{_SURNAME}, )*{_SURNAME}"
# Authors with a year, "et al." or "&"; a preprint; a handbook's initials before a section.
_CITATION = re.compile(
    rf"{_AUTHORS}(?: & {_SURNAME})?(?: et al\.| \d{{4}}\b)|{_AUTHORS} & {_SURNAME}"
    r"|arXiv:\d+\.\d+|\b[A-Z]{3,}(?= \d+\.\d)"
)


def cited(reference: str) -> tuple[Work, ...]:
    """The works that a reference text names, each once, in its order.

    Raises `ValueError` for a work that is not listed: none is dropped silently.
    """
    known = {name: work for work in WORKS for name in work.names}
    found = _CITATION.findall(reference)
    for name in found:
        if name not in known:
            raise ValueError(f"reference must name listed works, got {name!r} in {reference!r}")
    return tuple(dict.fromkeys(known[name] for name in found))


def bibtex() -> str:
    """The whole bibliography."""
    return "\n\n".join(work.bibtex for work in WORKS) + "\n"
