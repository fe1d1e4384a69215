"""Files of associations, and weekly reports."""
