"""What commands do that need no server."""
