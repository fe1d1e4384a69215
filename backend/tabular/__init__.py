"""Tables that people send or load: CSV of any dialect, workbooks; what is wrong with a file or a line."""
