"""One construct per idea; each owns the defaults of its kind."""
