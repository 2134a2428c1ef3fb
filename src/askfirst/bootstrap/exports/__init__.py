"""Where scheduled exports are written to."""
