"""The commands of `w2s`, one module a topic; each loads its libraries when it runs."""
