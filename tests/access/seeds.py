"""What seeds and valid input have in common."""

# What somebody who looked at the seeded import commits.
HASH_OF_THE_PLAN = bytes(range(32))
