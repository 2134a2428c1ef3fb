"""Messages on their way out: what Meta answers to them, and how somebody can be reached."""
