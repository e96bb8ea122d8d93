"""The report a programme lead reads: which needs clients put first, how many did, and nothing that tells of anybody."""
