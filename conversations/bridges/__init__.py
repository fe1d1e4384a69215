"""A technician's laptops: pairing, list, revocation."""
