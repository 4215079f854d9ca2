"""Failures of data sets:

DatasetUnavailable       missing, unreadable or not the file that was expected; the message says which and why
  DatasetMissing         no file of it is there
  DatasetDamaged         a file is there, but not the original one
  FetchStopped           a download was stopped on request
"""


class DatasetUnavailable(Exception):
    """A data set cannot be used; one sentence that names the file and says what to do."""


class DatasetMissing(DatasetUnavailable):
    """A file of the data set is not in the data folder."""


class DatasetDamaged(DatasetUnavailable):
    """A file in the data folder is not what its authors published."""


class FetchStopped(DatasetUnavailable):
    """`should_stop` said so. What has arrived is kept, and the next fetch goes on from there."""
