"""The same plan, lived through with different ways of sending."""
