"""The way to the board: `/web`, `/lienket`, `/lich mới`, and how far each viewer sees."""
