"""What a process remembers from one call to the next."""
