"""The faces that askfirst shows over HTTP."""
