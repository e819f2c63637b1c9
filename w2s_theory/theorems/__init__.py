"""What the theorems state, as functions: floors, alignment, the linear law, equivalents."""
