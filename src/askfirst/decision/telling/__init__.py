"""What is told of decisions: why a message may leave or not, and what an answer amounts to."""
