"""The face of the command line: run by the server that holds the database, or else on the spot.

One process serves a SQLite file. So the server leaves a lock file beside the file (its address and
a secret of this run, for the owner's eyes only), and the command line hands its command over.
Where no server runs, it opens the database itself. Either way the same function does it.
"""
