"use client";

import { useQuery } from "@tanstack/react-query";

import { useTRPC } from "../live/trpc";
import { WorkerNotice } from "../run/worker-notice";
import { Panel } from "../ui/panel";
import { Failure, Skeleton } from "../ui/states";
import { prepareTransfer } from "./prepare-transfer";
import { TransferChart } from "./transfer-chart";
import { TransferForm } from "./transfer-form";
import { TransferProgress } from "./transfer-progress";

const waitingMs = 2_000;

interface TransferPanelProps {
  run: string;
  /** Winners so far: what there is to transfer grows with them. */
  winners: number;
}

/** A run's winners under other recipes: do they hold what they promised on other data? */
export function TransferPanel({ run, winners }: TransferPanelProps) {
  const trpc = useTRPC();
  const transfers = useQuery({
    ...trpc.transfer.get.queryOptions({ run }),
    enabled: winners > 0,
    refetchInterval: ({ state }) => (state.data?.transfers.some(({ waiting }) => waiting > 0) === true ? waitingMs : false),
  });
  return (
    <Panel title="Transfer">
      {winners === 0 ? (
        <p className="max-w-prose text-ink-soft">There is no winner yet. Once there is one, winners can be evaluated again under another recipe, to see whether they are good on other data too.</p>
      ) : transfers.data !== undefined ? (
        <div className="grid gap-x-6 gap-y-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
          <TransferForm view={{ ...transfers.data, winners }} />
          <div className="grid min-w-0 content-start gap-4">
            {transfers.data.transfers.some(({ waiting }) => waiting > 0) ? <WorkerNotice /> : null}
            {transfers.data.transfers.map((transfer) => (transfer.waiting > 0 ? <TransferProgress key={transfer.recipe} run={run} transfer={transfer} /> : null))}
            {transfers.data.transfers.length === 0 ? (
              <p className="max-w-prose text-ink-soft">
                The winners were found under {transfers.data.recipe}. Under another recipe each is trained again from its first weights, and the two accuracies are set side by side, network by network. It changes no figure of the run.
              </p>
            ) : (
              <div className="grid gap-4 xl:grid-cols-2">
                {transfers.data.transfers.map((transfer) => (
                  <TransferChart key={transfer.recipe} model={prepareTransfer(transfer, transfers.data.recipe)} />
                ))}
              </div>
            )}
          </div>
        </div>
      ) : transfers.isError ? (
        <Failure title="Transfers could not be loaded" error={transfers.error} onRetry={() => void transfers.refetch()} />
      ) : (
        <Skeleton className="h-56" />
      )}
    </Panel>
  );
}
