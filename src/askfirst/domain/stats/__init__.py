"""Figures of a ledger: what is counted, and how it is told."""
