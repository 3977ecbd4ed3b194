"""What people did: written once, in a chain that shows when somebody meddled with it."""
