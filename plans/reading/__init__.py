"""Read a plan out of a file: `plan_file` any file, `sandbox` a document in a child process.

`document` reads in this process. Import the modules, not the package: only `document` loads the
libraries for Word, Excel and PDF.
"""
