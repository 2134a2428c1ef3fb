"""One person's whole story as a file that can be handed to a regulator."""
