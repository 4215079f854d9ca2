"""Where networks come from: every form in which others keep them, as one stream of entries and rejections.

Nothing that is read is run, imported, unpickled or written to disk. One unusable item costs only itself.
"""

from archloom.corpus.sources.detect import Source, SourceKind, detect, installed_nn_dataset
from archloom.corpus.sources.run_export import RunPart, candidate_item

__all__ = ["RunPart", "Source", "SourceKind", "candidate_item", "detect", "installed_nn_dataset"]
