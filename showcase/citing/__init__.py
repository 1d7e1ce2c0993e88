"""How to cite what a page shows."""
