"""What tests share: servers to start, people to play, clocks to set."""
