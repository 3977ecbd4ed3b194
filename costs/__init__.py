"""What a stage costs in a month: prices times what its template holds and what its load uses."""
