"""How things are said, and how what people type is read, in each language. See README.md."""
