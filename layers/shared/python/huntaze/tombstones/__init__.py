"""What is remembered of people who were erased, so that they do not come back by themselves."""
