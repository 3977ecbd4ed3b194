"""What opens an account of the simulated platform unless another token was chosen for it."""


def token_of(platform: str, user_id: str) -> str:
    """The token of an account, known by its platform and its user id there; no secret, for nothing here is real."""
    return f"demo-{platform}-{user_id}"
