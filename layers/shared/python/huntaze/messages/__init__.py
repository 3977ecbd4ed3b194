"""What is said in conversations, and what a person may let out."""
