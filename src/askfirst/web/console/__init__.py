"""The console: where operators of a business look and act."""
