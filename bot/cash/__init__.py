"""Cash that is theirs: transfers, what their clients plan and note, and what it made possible."""
