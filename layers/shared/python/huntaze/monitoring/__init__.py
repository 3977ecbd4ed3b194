"""Whether everything that sending needs is well: each part asked by itself, none waited for longer than it may take."""
