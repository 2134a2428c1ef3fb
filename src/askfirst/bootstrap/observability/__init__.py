"""What a process tells of itself: metrics, alerts and log lines."""
