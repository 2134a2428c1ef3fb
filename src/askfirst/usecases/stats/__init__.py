"""Keep counts of the ledger, and tell them."""
