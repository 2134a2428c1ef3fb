"""Exports as they are written: lines of JSON, and columns of tables."""
