"""What is said: every dialogue as a pure script, and the engine that plays it. See README.md."""
