"""Other consent servers, run where somebody has installed them."""
