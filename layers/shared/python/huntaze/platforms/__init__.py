"""The platforms that creators are on, each behind the same small Protocol."""
