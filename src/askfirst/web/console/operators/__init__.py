"""Coming in, the team, the log."""
