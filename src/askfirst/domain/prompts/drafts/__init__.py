"""A draft before it is published: who wrote it, what it changes."""
