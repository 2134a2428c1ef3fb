"""The actors and the judges: clients, an upstream, servers; pure functions over their notes.

The clients and the upstream are processes of their own that know nothing of askfirst.
"""
