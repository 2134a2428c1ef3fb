"""Lists that the gate is asked about before a campaign."""
