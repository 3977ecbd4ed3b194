"""What may hang on a message."""
