"""What members say about themselves and how they work."""
