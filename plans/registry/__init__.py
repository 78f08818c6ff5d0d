"""Plans into the registry and out of it: compare, write, export."""
