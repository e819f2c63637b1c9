"""What leaves the package: LaTeX and tables."""
