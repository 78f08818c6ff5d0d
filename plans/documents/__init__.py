"""Files that people send, opened: `opening` gives their lines and tables, or one clear fault.

Import the modules, not the package: `word`, `excel` and `pdf` load the libraries for their kind.
"""
