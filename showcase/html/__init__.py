"""What pages are drawn with: the environment of templates, heads, cards, charts, tiles."""
