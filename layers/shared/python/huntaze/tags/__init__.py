"""The words a workspace sorts its fans by."""
