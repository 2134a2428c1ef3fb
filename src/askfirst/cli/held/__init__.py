"""Commands about messages that wait until they may leave."""
