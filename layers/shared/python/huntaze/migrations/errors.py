"""What stops a migration, told to the person who deploys."""

from huntaze.errors import HuntazeError


class MigrationError(HuntazeError):
    """The database was not brought up to date; the text says why and what to do, and quotes no row."""

    code = "migration"
