"""Whether the past is whole: the checks of the ledger."""
