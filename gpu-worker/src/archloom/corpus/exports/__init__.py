"""A corpus, or the winners of a run, in the forms that others read; each can be imported again."""

from archloom.corpus.exports.files import File, write_zip
from archloom.corpus.exports.hugging_face import Card, hugging_face_files
from archloom.corpus.exports.lemur import lemur_files
from archloom.corpus.exports.rows import DEFAULT_MESSAGES, Exported, chat_files

__all__ = [
    "DEFAULT_MESSAGES",
    "Card",
    "Exported",
    "File",
    "chat_files",
    "hugging_face_files",
    "lemur_files",
    "write_zip",
]
