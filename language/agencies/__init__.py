"""Know the agencies of Viet Nam's provinces: their names and which of them a text names."""
