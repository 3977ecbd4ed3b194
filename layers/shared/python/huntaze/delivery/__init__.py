"""How messages leave: slowly, in order, once."""
