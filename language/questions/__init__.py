"""Questions that people ask about tasks: from a line in plain Vietnamese to a `Question`."""
