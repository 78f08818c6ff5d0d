"""What runs: settings, the command line, the application that puts the parts together, and its channels."""
