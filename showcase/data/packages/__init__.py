"""The whole database as packages that are kept: their tables, their files, and which there are."""
