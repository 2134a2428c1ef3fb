"""What statements of all features have in common."""
