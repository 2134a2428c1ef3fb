"""What people wrote that an operator has to look at."""
