"""Stops that come from other systems, and what people wrote that an operator has to look at."""
