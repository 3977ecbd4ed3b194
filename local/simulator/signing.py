"""Standard Webhooks: what proves who an event comes from."""

import base64
import binascii
import hmac

PREFIX = "whsec_"


def key_of(secret: str) -> bytes:
    """The key inside a secret; ValueError for what is none."""
    if not secret.startswith(PREFIX):
        raise ValueError(f"a secret begins with {PREFIX}")
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("the rest of a secret is base64") from error


def headers(secret: str, event_id: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of one delivery."""
    signed = b".".join([event_id.encode(), b"%d" % at, body])
    signature = base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode()
    return {"webhook-id": event_id, "webhook-timestamp": f"{at}", "webhook-signature": f"v1,{signature}"}
