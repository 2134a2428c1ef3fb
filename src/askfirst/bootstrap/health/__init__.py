"""What a check-up looks at."""
