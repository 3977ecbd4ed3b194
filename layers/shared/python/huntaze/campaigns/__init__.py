"""Campaigns: written once, approved once, and sent to many at the account's pace."""
