"""Commands that run or look after a server."""
