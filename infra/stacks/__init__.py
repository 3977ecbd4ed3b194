"""The three stacks of a stage: data, app, monitoring."""
