"""Planning: which chat is told what on a day, written as notices; and what waits to be sent."""
