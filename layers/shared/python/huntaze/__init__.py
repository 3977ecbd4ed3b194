"""Huntaze: a CRM and paced messaging backend for creators on subscription platforms."""
