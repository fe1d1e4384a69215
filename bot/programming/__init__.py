"""Programming jobs beside the turns: cards, files, pictures and reports."""
