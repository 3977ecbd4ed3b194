"""A file becomes rows: pure, with no database and no clock of its own."""
