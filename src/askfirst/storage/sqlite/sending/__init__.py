"""Decisions and what they are counted as, in SQLite."""
