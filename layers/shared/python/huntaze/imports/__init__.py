"""Bringing fans along from a file."""
