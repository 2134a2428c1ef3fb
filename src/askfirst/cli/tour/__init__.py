"""`askfirst tour`, and the servers that it starts."""
