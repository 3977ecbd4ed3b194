"""Which language somebody reads."""

from huntaze.web.words import LOCALES

_MOST_CHOICES = 20


def wanted(accepted: str) -> str:
    """The language of ours that a browser asks for most; English when it asks for none of them."""
    best, weight = LOCALES[0], 0.0
    for choice in accepted.split(",")[:_MOST_CHOICES]:
        name, _, parameters = choice.partition(";")
        locale = name.strip().lower().partition("-")[0]
        if locale in LOCALES and (quality := _quality(parameters)) > weight:
            best, weight = locale, quality
    return best


def _quality(parameters: str) -> float:
    key, _, value = parameters.strip().partition("=")
    if key.strip() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
