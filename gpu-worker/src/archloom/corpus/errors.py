"""What can go wrong with a corpus that comes from outside.

CorpusError
  SourceRefused   the input as a whole cannot be read, or reading on would be unsafe

One unusable entry is no error: it is a `Rejected` item of the stream, and the rest is kept.
"""


class CorpusError(Exception):
    """The root of this hierarchy."""


class SourceRefused(CorpusError):
    """The message is a sentence for the person who chose the input: what it is, and what to do instead."""
