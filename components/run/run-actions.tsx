"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Download, FileText, Pause, Pencil, Play, Plus, RotateCcw, Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";

import type { DesiredState } from "../../server/contract/words";
import type { RunDetail } from "../../server/run/views";
import { ExportMenu } from "../corpus/export-menu";
import { useTRPC, useTRPCClient } from "../live/trpc";
import { useShortcuts } from "../shell/use-shortcuts";
import { ActionMenu, ActionMenuItem } from "../ui/action-menu";
import { Button, buttonClass } from "../ui/button";
import { Confirmation, ConfirmationCancel } from "../ui/dialog";
import { RenameDialog } from "../ui/rename-dialog";
import { AddCyclesDialog } from "./add-cycles-dialog";
import { downloadJson } from "./download-json";
import { isEnded } from "./run-state";

type Asking = "cancel" | "delete" | "rename" | "add" | null;

/** Everything a person can ask of a run. What was asked shows at once; what it cannot do now is not offered. */
export function RunActions({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const router = useRouter();
  const [asking, setAsking] = useState<Asking>(null);
  const key = trpc.run.get.queryKey({ id: run.id });
  const refresh = () => queries.invalidateQueries({ queryKey: key });

  /** Writes the wish into the page before the answer; the answer brings the observed state. */
  const wish = (desired: DesiredState) => ({
    onMutate: () => queries.setQueryData(key, (before) => (before === undefined ? before : { ...before, desired })),
    onSettled: refresh,
  });
  const pause = useMutation(trpc.run.pause.mutationOptions(wish("pause")));
  const resume = useMutation(trpc.run.resume.mutationOptions(wish("run")));
  const cancel = useMutation(trpc.run.cancel.mutationOptions(wish("cancel")));
  const remove = useMutation(
    trpc.run.delete.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.run.list.queryKey() });
        router.push("/runs");
      },
    }),
  );
  const rename = useMutation(
    trpc.run.rename.mutationOptions({
      onSuccess: async () => {
        await refresh();
        setAsking(null);
      },
    }),
  );
  const askForName = (): void => {
    rename.reset();
    setAsking("rename");
  };
  const download = useMutation({
    mutationFn: () => client.run.export.query({ id: run.id }),
    onSuccess: (data) => downloadJson(`${run.id}.json`, data),
  });
  const failed = [pause, resume, cancel, remove, download].find((mutation) => mutation.isError);

  const ended = isEnded(run.state);
  const cancelling = run.desired === "cancel" || cancel.isPending;
  const pausing = run.desired === "pause" && run.state !== "paused";
  const toggle = (): void => {
    if (ended || cancelling) return;
    if (run.desired === "pause") resume.mutate({ id: run.id });
    else pause.mutate({ id: run.id });
  };
  useShortcuts(ended ? [] : [{ keys: "p", label: "Pause or resume the run", run: toggle }]);

  return (
    <div className="flex max-w-full flex-col items-end gap-2 max-sm:items-start">
      <div className="flex flex-wrap gap-2">
        {ended ? null : (
          <>
            <Button onClick={toggle} disabled={cancelling} aria-busy={pausing || resume.isPending} className="min-w-26">
              {run.desired === "pause" ? <Play aria-hidden className="size-4" /> : <Pause aria-hidden className="size-4" />}
              {resume.isPending ? "Resuming…" : run.desired === "pause" ? "Resume" : "Pause"}
            </Button>
            <Button look="danger" onClick={() => setAsking("cancel")} disabled={cancelling}>
              <Ban aria-hidden className="size-4" />
              {cancelling ? "Cancelling…" : "Cancel"}
            </Button>
          </>
        )}
        {run.state === "finished" ? (
          <Button onClick={() => setAsking("add")}>
            <Plus aria-hidden className="size-4" />
            Add cycles
          </Button>
        ) : null}
        {ended ? (
          <Link href={`/runs?from=${run.id}`} className={buttonClass()}>
            <RotateCcw aria-hidden className="size-4" />
            Start again
          </Link>
        ) : null}
        <Link href={`/runs/${run.id}/report`} className={buttonClass()}>
          <FileText aria-hidden className="size-4" />
          Report
        </Link>
        {run.winners > 0 ? <ExportMenu source={{ type: "run", run: run.id, winners: run.winners }} /> : null}
        <ActionMenu>
          {ended ? null : <ActionMenuItem icon={RotateCcw} label="Start another like it" onSelect={() => router.push(`/runs?from=${run.id}`)} />}
          <ActionMenuItem icon={Download} label={download.isPending ? "Exporting…" : "Export as JSON"} onSelect={() => download.mutate()} />
          <ActionMenuItem icon={Pencil} label="Rename" onSelect={askForName} />
          {ended ? <ActionMenuItem icon={Trash2} label="Delete" onSelect={() => setAsking("delete")} /> : null}
        </ActionMenu>
      </div>
      {failed === undefined ? null : (
        <p role="alert" className="max-w-md text-right text-bad max-sm:text-left">
          {failed.error?.message}
        </p>
      )}
      <Confirmation
        open={asking === "cancel"}
        onOpenChange={(open) => setAsking(open ? "cancel" : null)}
        title={`Cancel ${run.id}?`}
        description="Programs being written or evaluated are dropped, and the run cannot go on later. Everything judged so far stays. To stop for a while, pause it."
      >
        <ConfirmationCancel asChild>
          <Button>Keep running</Button>
        </ConfirmationCancel>
        <Button
          look="danger"
          onClick={() => {
            setAsking(null);
            cancel.mutate({ id: run.id });
          }}
        >
          Cancel the run
        </Button>
      </Confirmation>
      <Confirmation
        open={asking === "delete"}
        onOpenChange={(open) => setAsking(open ? "delete" : null)}
        title={`Delete ${run.id}?`}
        description={`${run.name} with its ${run.counts.generated} programs, their evaluations and adapters is deleted for good. Export it first if you may need it.`}
      >
        <ConfirmationCancel asChild>
          <Button>Keep it</Button>
        </ConfirmationCancel>
        <Button
          look="danger"
          pending={remove.isPending}
          onClick={() => {
            setAsking(null);
            remove.mutate({ id: run.id });
          }}
        >
          Delete the run
        </Button>
      </Confirmation>
      <RenameDialog
        key={`${run.name} ${asking === "rename"}`}
        named={run}
        rename={rename}
        open={asking === "rename"}
        onOpenChange={(open) => setAsking(open ? "rename" : null)}
      />
      <AddCyclesDialog run={run} open={asking === "add"} onOpenChange={(open) => setAsking(open ? "add" : null)} />
    </div>
  );
}
