"""The one place where adapters and use cases meet."""
