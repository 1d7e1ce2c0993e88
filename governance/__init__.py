"""The record: models, loading, the derived index and the admin."""

__version__ = "0.1.0"
