"""Texts → regions and organizations, with what is left over."""
