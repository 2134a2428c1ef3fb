"""Bugs on purpose, as patches of the source: each must turn a test that exists red.

A race or a kill finds only what overlaps in time; everything else that the promise rests on is
held by ordinary tests. These lists say by which, and `tests/promise/test_mutants.py` applies one
patch after another to a copy of the source and sees that test fail.
"""
