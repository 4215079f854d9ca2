"""Text on its way into PostgreSQL."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """The text with NUL and lone surrogates, which PostgreSQL cannot hold, replaced by U+FFFD; length is
    kept."""
    if "\0" not in text and text.isascii():
        return text
    return "".join(REPLACEMENT if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
