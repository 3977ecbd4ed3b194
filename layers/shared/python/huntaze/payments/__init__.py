"""What fans pay, as platforms book it."""
