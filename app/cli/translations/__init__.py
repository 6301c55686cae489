"""Keeps catalogues of translations complete: `make translations` finds what is said and updates every one.

`sentences` reads Python, `specs` what adapters declare, `sources` says whose texts go where, `catalogues` writes and
checks. Texts are found by their form and place, so that nobody has to remember to mark a sentence.
"""
