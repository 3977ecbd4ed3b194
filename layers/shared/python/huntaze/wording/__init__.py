"""Words with variables in them, filled in for one fan."""
