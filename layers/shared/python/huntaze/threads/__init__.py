"""A conversation as people read it: what was said, what became of it, and whether anything has changed."""
