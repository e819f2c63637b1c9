"""What each figure shows, in the prose of the ledger."""

from __future__ import annotations

CAPTIONS = {
    1: "The setup. A teacher of few random features is fitted to the target f*; a student of many "
    "is trained on the teacher's labels alone, and stopped early. In the plane of f* and f_T a "
    "shrinkage-optimal student lies in the ball with diameter [0, f_T], which is why its loss "
    "cannot fall below the floor of Theorem 4.1.",
    2: "ReLU networks, linear target. (a) Student loss over teacher loss against training time. "
    "(b) Best student loss against teacher loss: draws, means, the fitted power law with its "
    "bootstrap band, the proven exponent and the floor of Theorem 4.1.",
    3: "Linear networks with d = M^(3/2). (a) L_ST/L_TE^2 against training time. (b) Best student "
    "loss against teacher loss: the exponent is close to 2.",
    4: "As Figure 2, for several input dimensions (one a column).",
    5: "As Figure 4 with smaller students: ablation of the student's width.",
    6: "Reconstructed (the public summary says only that there is one more figure): linear "
    "networks with smaller students.",
}
