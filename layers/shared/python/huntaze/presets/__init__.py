"""What is usual, niche by niche."""
