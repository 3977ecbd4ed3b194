"""What fans have brought."""
