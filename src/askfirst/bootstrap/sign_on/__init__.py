"""Single sign-on of operators: its settings, and the way to its provider."""
