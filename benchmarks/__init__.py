"""The benchmark, `make bench`: what a page costs beside this project's own constant string.

    python -m benchmarks --sizes 20000 200000

docs/performance.md says how it measures and holds what it found.
"""
