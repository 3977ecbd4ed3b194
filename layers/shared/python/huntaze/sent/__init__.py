"""Everything that was said to fans: who let it out, and what became of it."""
