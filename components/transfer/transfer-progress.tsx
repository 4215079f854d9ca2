import { useMutation, useQueryClient } from "@tanstack/react-query";

import type { Transfer } from "../../server/transfer/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { formatCount, formatDuration } from "../ui/format";
import { ProgressBar } from "../ui/progress-bar";

/** How far a transfer is, how long it takes, and Cancel. */
export function TransferProgress({ run, transfer }: { run: string; transfer: Transfer }) {
  const { recipe, candidates, waiting, cancelling, seconds_left: left } = transfer;
  const trpc = useTRPC();
  const queries = useQueryClient();
  const cancel = useMutation(
    trpc.transfer.cancel.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.transfer.get.queryKey({ run }) }),
    }),
  );
  const isCancelling = cancel.isPending || cancelling === waiting;
  const ended = candidates.length - waiting;
  return (
    <section aria-label={`Transfer to ${recipe}`} className="grid gap-2 rounded border border-edge p-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p>
          <strong className="font-semibold">Under {recipe}</strong>{" "}
          <span className="text-ink-soft">
            {formatCount(ended)} of {formatCount(candidates.length)} evaluated
          </span>
        </p>
        <Button disabled={isCancelling} onClick={() => cancel.mutate({ run, recipe })}>
          {isCancelling ? "Cancelling…" : "Cancel"}
        </Button>
      </div>
      <ProgressBar share={ended / candidates.length} label={`Evaluated under ${recipe}`} />
      <p className="min-h-5 text-ink-soft">
        {left === null ? "Time left: known after the first one." : `About ${formatDuration(left)} left, and whatever else is queued comes first.`}
      </p>
      {cancel.isError ? (
        <p role="alert" className="text-bad">
          {cancel.error.message}
        </p>
      ) : null}
    </section>
  );
}
