"""The tests that a save touches, run in a fork of a process that has already imported pytest and the libraries.

A test is left out only when it passed before and nothing that it depends on has changed since: the functions that
it executed, the module level of everything that it can import, and the files that it read. What cannot be
attributed (configuration, fixtures, migrations, a test that starts Python processes) counts for every test.
"""
