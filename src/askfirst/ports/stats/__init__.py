"""Figures of the ledger, as the use cases need them."""
