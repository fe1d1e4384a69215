"""What developers run and the product does not need: no part of the wheel."""
