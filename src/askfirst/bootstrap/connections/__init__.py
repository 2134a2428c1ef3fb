"""What strangers may use up before they are known: connections, time and memory."""
