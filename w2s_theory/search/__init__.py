"""Settings, and what is asked of a statement there: judge, falsify, catalogue, conjecture."""
