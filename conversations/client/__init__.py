"""What a client may start."""
