"""Paragraphs and rows → entries, and an account of every line."""
