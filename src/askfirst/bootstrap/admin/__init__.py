"""Commands of an operator, taken to the server that runs."""
