"""The ledger and its companions on disk."""
