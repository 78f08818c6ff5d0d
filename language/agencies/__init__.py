"""Agencies of Viet Nam's provinces: their names, how people write them, and which of them a text names."""
