"""From the bytes of a file to rows that mean something, or to a reason why not."""
