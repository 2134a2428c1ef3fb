"""The promise, tested with separate processes: no stale allow, no acknowledged event lost."""
