"""`askfirst policy`."""
