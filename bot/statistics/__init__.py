"""Charts of the statistics, drawn beside the turns."""
