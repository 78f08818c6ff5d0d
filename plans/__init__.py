"""Plan documents to the plan format, and the plan format to the registry."""
