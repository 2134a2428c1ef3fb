"""Counts of the ledger, for both backends."""
