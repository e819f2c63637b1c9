"""The constants of the theory, audited: exact form, proven enclosure, source, sharpness, evidence.

`constants.constants()` is the list, `evaluate.audit()` the audit, `compare.drift` what changed.
"""
