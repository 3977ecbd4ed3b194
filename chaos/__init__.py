"""The fault campaign: everything that can go wrong, from a seed, at once and for as long as is asked; and the judgements."""
