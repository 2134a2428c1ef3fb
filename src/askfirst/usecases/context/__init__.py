"""What use cases are given."""
