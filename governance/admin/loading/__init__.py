"""The pages of loading: upload, preview, load, what became of it, undo."""
