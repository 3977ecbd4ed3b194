"""What happened with a fan, in the order of time."""
