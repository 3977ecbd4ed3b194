"""What stops a migration, told to the person who deploys."""


class MigrationError(Exception):
    """The database was not brought up to date; the text says why and what to do."""
