"""Signing in as staff: who guesses waits, and a second factor beside the password."""
