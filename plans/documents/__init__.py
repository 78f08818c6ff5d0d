"""Files that people send, opened: `opening` gives their lines and tables, or one clear fault.

Import the modules, not the package: `opening` loads the libraries for Word, Excel and PDF.
"""
