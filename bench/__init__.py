"""Measurements: each beside something else in the same run, because machines are shared and noisy."""
