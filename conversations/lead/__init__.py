"""What a programme lead may start."""
