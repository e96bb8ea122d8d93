"""What money can be for, as a client says it: a use of the instrument, one of their own needs, or own words."""
