"""What people can do, one module a thing. A handler takes an `Incoming` and gives an `Answer`; it knows no channel."""
