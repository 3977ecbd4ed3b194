"""Whole messages to use again: a text, its price and what hangs on it."""
