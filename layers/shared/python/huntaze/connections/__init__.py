"""Connections to the accounts of creators: consent, credentials, pace and health."""
