"""The inbox: one thread for each fan on each platform."""
