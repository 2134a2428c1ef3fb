"""Messages that wait here until they may leave."""
