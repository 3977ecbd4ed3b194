"""What is looked at: each file makes the rows of one dashboard."""
