import { Download } from "lucide-react";

import type { CycleFigures } from "../../server/cycle/views";

/** The adapter that was trained after a cycle, to take away; nothing while there is none. */
export function AdapterLink({ run, cycle }: { run: string; cycle: CycleFigures }) {
  if (cycle.fine_tuning?.state !== "ready") return null;
  return (
    <a
      href={`/api/adapters/${run}/${cycle.number}`}
      download={`${run}.${cycle.number}-adapter.tar.gz`}
      title="An ordinary PEFT folder, packed as .tar.gz"
      className="inline-flex items-center gap-1 text-accent underline-offset-2 hover:underline"
    >
      <Download aria-hidden className="size-3.5" />
      Download the adapter
    </a>
  );
}
