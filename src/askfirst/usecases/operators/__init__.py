"""Invite operators, let them in, and write down what they do."""
