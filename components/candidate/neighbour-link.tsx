import Link from "next/link";

import type { Twin } from "../../server/candidate/views";

/** A program that another one is like. A candidate has a page, an entry of the corpus a list that it stands in. */
export function NeighbourLink({ neighbour: { kind, id, name } }: { neighbour: Twin }) {
  return (
    <>
      <Link prefetch={false} href={kind === "candidate" ? `/candidates/${id}` : `/corpus/${id.split(" ")[0]}`} className="font-mono text-accent hover:underline">
        {id}
      </Link>
      {name === null ? "" : ` (${name})`}
    </>
  );
}
