"""Programming devices on site: jobs, what the bridge sees and does, the technician's word."""
