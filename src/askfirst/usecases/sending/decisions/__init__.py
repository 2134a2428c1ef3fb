"""Decisions as they are shown afterwards."""
