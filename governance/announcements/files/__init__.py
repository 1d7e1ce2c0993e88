"""Bytes of a document → paragraphs and rows, with their places."""
