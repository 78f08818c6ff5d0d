"""The pages of the board, one module each: what they show is looked up here, drawn in templates."""
