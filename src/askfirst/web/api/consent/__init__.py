"""Who agreed to what: events, standings, receipts."""
