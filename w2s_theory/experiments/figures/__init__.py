"""The figures of the paper, one module each; `w2s figure N`."""
