"""What the console needs of the world to know its operators."""
