"""Benchmarks, run by hand: `python -m tests.benchmarks.turns`. Nothing here is collected by pytest."""
