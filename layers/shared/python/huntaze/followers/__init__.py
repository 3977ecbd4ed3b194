"""Fans as their platform knows them."""
