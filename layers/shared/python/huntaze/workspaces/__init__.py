"""The workspace itself: its name, its clock and its currency."""
