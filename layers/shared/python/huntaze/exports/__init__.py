"""What is shown, as a file to take along."""
