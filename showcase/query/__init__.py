"""A query string → a selection, or what is wrong with it; facets with their counts and addresses."""
