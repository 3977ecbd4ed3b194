from tests.integration.conversations.conftest import Studio, database, studio

__all__ = ["Studio", "database", "studio"]
