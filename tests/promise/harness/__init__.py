"""The actors and the judges: clients, an upstream, servers, and pure functions over what they wrote.

The clients and the upstream are processes of their own that know nothing of askfirst.
"""
