"""The commands of `w2s`, one module a topic; each loads its libraries when it runs.

`PLACE` orders them as one meets them: what is stated, what is computed, what is checked and kept.
"""
