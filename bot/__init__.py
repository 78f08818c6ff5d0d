"""The program as it runs: settings, command line, channels; puts all other parts together."""
