"""The record: one SQLite file that the team owns.

`database` runs functions of the connection on one writer thread, each in one transaction; the other modules are such
functions, one module a table. A use case composes them, so that a state change and the notices it causes are one
transaction by construction.
"""
