"""What may hang on a message. This is the one place that says which addresses are taken."""

import re

MOST_ATTACHMENTS = 20
LONGEST_ADDRESS = 2048
_HTTPS = re.compile(r"https://[^\s\x00]+")


def checked(address: str) -> str:
    """The address of a picture, film or sound; a ValueError unless it is one that may be sent."""
    if len(address) > LONGEST_ADDRESS or not _HTTPS.fullmatch(address):
        raise ValueError("must be an https address")
    return address
