"""Tasks by command: add, change, cancel."""
