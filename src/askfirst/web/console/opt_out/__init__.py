"""What has to be looked at."""
