"""How many requests a person may send in a minute."""
