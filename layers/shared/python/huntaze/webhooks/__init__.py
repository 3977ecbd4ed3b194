"""What platforms tell by themselves, through the bridges that stand before them."""
