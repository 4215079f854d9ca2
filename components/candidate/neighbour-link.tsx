import Link from "next/link";

import type { Neighbour } from "../../server/candidate/views";

/** A candidate has a page; an entry of the corpus has only a name. */
export function NeighbourLink({ neighbour }: { neighbour: Neighbour }) {
  return neighbour.kind === "candidate" ? (
    <Link prefetch={false} href={`/candidates/${neighbour.id}`} className="font-mono text-accent hover:underline">
      {neighbour.id}
    </Link>
  ) : (
    <span className="font-mono">{neighbour.id}</span>
  );
}
