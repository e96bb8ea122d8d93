"""What is kept: the only code that knows SQL and encryption. See README.md."""
