"""What can be cited, as a sentence and as files that reference managers read."""
