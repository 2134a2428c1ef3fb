"""Rules about the messages that askfirst itself sends, and the code that it sends when asked."""
