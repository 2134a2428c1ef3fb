"""Rule 7: how often, and how fast."""
