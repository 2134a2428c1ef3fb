"""What the commands share, and those that have a file of their own."""
