"""The list as a Django engineer writes it in an afternoon: ListView, django-filter, counts by annotate.

It shows the same entries, choices and counts as the product's, from the same tables.
"""
