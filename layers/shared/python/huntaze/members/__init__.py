"""Who may do what in which workspace."""
