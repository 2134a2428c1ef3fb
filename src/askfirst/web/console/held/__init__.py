"""Messages that wait until they may leave."""
