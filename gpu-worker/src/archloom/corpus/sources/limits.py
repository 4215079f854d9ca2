"""How much of an input is read. Every limit is far above what the LEMUR data set needs (8,000 networks of at
most some 60 KiB, 11,000 files of statistics of a few KiB), and low enough that one input cannot take a worker
down.
"""

from typing import Final

MAX_INPUT_BYTES: Final = 2**30
"""Of a file, or of all files of a folder that would be read. Checked before reading."""

MAX_EXPANDED_BYTES: Final = 2 * 2**30
"""Of everything in an archive together."""

MAX_EXPANSION: Final = 200
"""Times that a member may be larger than it is packed. Deflate reaches 1,032; Python and JSON stay below 50.
"""

BOMB_FLOOR_BYTES: Final = 16 * 2**20
"""Below this no ratio is suspicious."""

MAX_MEMBERS: Final = 200_000
"""Files of a folder or an archive."""

MAX_LINE_BYTES: Final = 4 * 2**20
"""Of one row: a line of JSONL or an item of a JSON list."""

MAX_CODE_BYTES: Final = 256 * 2**10
"""Of one network, as UTF-8."""

MAX_STATISTICS_FILE_BYTES: Final = 4 * 2**20
MAX_HELD_STATISTICS_BYTES: Final = 256 * 2**20
"""Statistics wait in memory for their network, since an archive may hold the two in any order."""

MAX_NAME_CHARACTERS: Final = 200
