"""The people who follow a creator."""
