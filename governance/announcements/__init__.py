"""From an award year's announcement to entries: what the document says, and the place where it says it.

No Django: all of it works in a notebook. The region table is handed in, never fetched.
"""
