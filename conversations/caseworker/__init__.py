"""What a caseworker may start."""
