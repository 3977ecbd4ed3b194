"""Who waits for a platform that cannot connect yet."""
