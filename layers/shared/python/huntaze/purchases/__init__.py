"""What a fan has bought, and what was offered to them in vain so far."""
