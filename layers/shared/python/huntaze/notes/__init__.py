"""What the team writes down about a fan, with author and time."""
