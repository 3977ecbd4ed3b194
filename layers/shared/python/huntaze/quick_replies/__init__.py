"""Short texts that a team uses again and again."""
