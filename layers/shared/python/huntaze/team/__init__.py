"""The people of a workspace: who is in it, who is invited, and who no longer is."""
