"""Cross-tabulations, profiles, and what explains them."""
