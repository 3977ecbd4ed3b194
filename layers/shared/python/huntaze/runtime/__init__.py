"""Thin clients of what the code runs on: each is built at its first use, none at import."""
