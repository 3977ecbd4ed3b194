"""How a person keeps their own sign-in safe: the second factor, and the password."""
