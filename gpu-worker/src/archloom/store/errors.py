"""What can go wrong with the database, as the rest of the worker sees it.

StoreError
  LeaseLost             the attempt is no longer the job's: stop working, write nothing
  DatabaseUnavailable   the database did not answer until the worker was told to stop
  CorpusMismatch        stored networks are not those their checksum names
  AdapterDamaged        stored adapter files are not those their checksum names
"""


class StoreError(Exception):
    """The root of this hierarchy."""


class LeaseLost(StoreError):
    """The lease was taken away, or an earlier try of this very transaction already ended the attempt."""


class DatabaseUnavailable(StoreError):
    """The database was unreachable and the worker is stopping, so the transaction was given up."""


class CorpusMismatch(StoreError):
    """A corpus of this version exists with other networks."""


class AdapterDamaged(StoreError):
    """An adapter's files do not match their checksum."""
