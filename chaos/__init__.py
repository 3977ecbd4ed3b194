"""The fault campaign: all that can go wrong, from a seed and at once, for as long as is asked; and the verdict."""
