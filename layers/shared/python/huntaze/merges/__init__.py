"""Two fans that turn out to be one person."""
