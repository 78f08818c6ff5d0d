"""Tables of plan documents: cells and rows, what each column holds, numbers of rows."""
