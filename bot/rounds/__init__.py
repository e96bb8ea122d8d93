"""Rounds: what a programme asks of its clients, whom, when, and how often."""
