"""Who is at which conversation, and who answers it."""
