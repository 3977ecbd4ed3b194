"""How machines write for this creator."""
