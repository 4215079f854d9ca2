"""`python -m archloom.novelty.fingerprint_corpus`: write the file of the starter corpus's fingerprints.

To be run after every change of the corpus, of the fingerprint (with a new FINGERPRINT_VERSION) or of torch.
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from archloom.corpus.grammar import corpus_sha256, generate_corpus
from archloom.novelty.fingerprint_programs import fingerprint_programs
from archloom.novelty.starter_fingerprints import FILE, Origin, save_fingerprints
from archloom.novelty.structure import shape_key
from archloom.recipes import get_recipe
from archloom.sandbox import open_sandbox


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slots", type=int, default=2, help="jails that work side by side")
    parser.add_argument("--file", type=Path, default=FILE)
    arguments = parser.parse_args()
    recipe, programs = get_recipe("digits"), generate_corpus()
    with ExitStack() as stack:
        slots = [open_sandbox().open_slot(recipe) for _ in range(arguments.slots)]
        for slot in slots:
            stack.callback(slot.close)
        fingerprints = fingerprint_programs(slots, programs, lambda done: _show(done, len(programs)))
    origin = Origin.here(shape_key(recipe.in_shape, recipe.classes), corpus_sha256(programs))
    save_fingerprints(origin, fingerprints, arguments.file)
    known = [fingerprint for fingerprint in fingerprints if fingerprint]
    print(f"\n{len(known):,} of {len(programs):,} programs build; {len(set(known)):,} different structures.")


def _show(done: int, of: int) -> None:
    print(f"\r{done:,} of {of:,}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
