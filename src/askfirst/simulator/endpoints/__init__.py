"""Where the simulator is called."""
