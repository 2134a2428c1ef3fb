"""What askfirst does: one verb a module."""
