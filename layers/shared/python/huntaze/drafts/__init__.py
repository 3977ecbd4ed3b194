"""Words that wait for a person's approval."""
