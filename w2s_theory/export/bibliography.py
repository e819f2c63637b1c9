"""The works that statements refer to."""

from __future__ import annotations

PAPER = "medvedev2025"

ENTRIES = {
    PAPER: r"""@inproceedings{medvedev2025,
  author    = {Medvedev, Marko and Lyu, Kaifeng and Yu, Dingli and Arora, Sanjeev and Li, Zhiyuan
               and Srebro, Nathan},
  title     = {Weak-to-Strong Generalization Even in Random Feature Networks, Provably},
  booktitle = {International Conference on Machine Learning},
  year      = {2025},
  note      = {arXiv:2503.02877}
}""",
    "cho2009": r"""@inproceedings{cho2009,
  author    = {Cho, Youngmin and Saul, Lawrence K.},
  title     = {Kernel Methods for Deep Learning},
  booktitle = {Advances in Neural Information Processing Systems},
  volume    = {22},
  year      = {2009}
}""",
    "atkinson2012": r"""@book{atkinson2012,
  author    = {Atkinson, Kendall and Han, Weimin},
  title     = {Spherical Harmonics and Approximations on the Unit Sphere: An Introduction},
  publisher = {Springer},
  year      = {2012}
}""",
    "muirhead1982": r"""@book{muirhead1982,
  author    = {Muirhead, Robb J.},
  title     = {Aspects of Multivariate Statistical Theory},
  publisher = {Wiley},
  year      = {1982}
}""",
    "polyak1964": r"""@article{polyak1964,
  author  = {Polyak, Boris T.},
  title   = {Some Methods of Speeding Up the Convergence of Iteration Methods},
  journal = {USSR Computational Mathematics and Mathematical Physics},
  volume  = {4},
  number  = {5},
  pages   = {1--17},
  year    = {1964}
}""",
    "bach2017": r"""@article{bach2017,
  author  = {Bach, Francis},
  title   = {Breaking the Curse of Dimensionality with Convex Neural Networks},
  journal = {Journal of Machine Learning Research},
  volume  = {18},
  number  = {19},
  pages   = {1--53},
  year    = {2017}
}""",
    "dlmf": r"""@misc{dlmf,
  key   = {DLMF},
  title = {{NIST} Digital Library of Mathematical Functions},
  note  = {F. W. J. Olver and others, editors}
}""",
}

_SIGNS = {
    "Medvedev": PAPER,
    "2503.02877": PAPER,
    "Cho & Saul": "cho2009",
    "Atkinson & Han": "atkinson2012",
    "Muirhead": "muirhead1982",
    "Polyak": "polyak1964",
    "Bach 2017": "bach2017",
    "DLMF": "dlmf",
}


def cited(reference: str) -> list[str]:
    """Keys of the works that a reference text names, each once."""
    return list(dict.fromkeys(key for sign, key in _SIGNS.items() if sign in reference))


def bibtex() -> str:
    """The whole file."""
    return "\n\n".join(ENTRIES.values()) + "\n"
