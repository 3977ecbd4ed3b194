"""The schema: ground.sql, numbered migrations, and the runner that applies them."""
