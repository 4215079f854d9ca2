"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Download, Pause, Pencil, Play, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";

import type { ComparisonSpan } from "../../server/contract/statistics";
import type { StudyDetail } from "../../server/study/views";
import { useTRPC, useTRPCClient } from "../live/trpc";
import { useShortcuts } from "../shell/use-shortcuts";
import { ActionMenu, ActionMenuItem } from "../ui/action-menu";
import { Button } from "../ui/button";
import { Confirmation, ConfirmationCancel } from "../ui/dialog";
import { downloadText } from "../ui/download-text";
import { plural } from "../ui/format";
import { RenameDialog } from "../ui/rename-dialog";

type Asking = "cancel" | "delete" | "rename" | null;

const formats = [
  { format: "markdown", label: "Export as Markdown" },
  { format: "csv", label: "Export as CSV" },
  { format: "json", label: "Export as JSON" },
] as const;

/** Everything a person can ask of a study; each says of how many runs it was done. */
export function StudyActions({ study, span }: { study: StudyDetail; span: ComparisonSpan }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const router = useRouter();
  const [asking, setAsking] = useState<Asking>(null);
  const { id } = study;

  const wish = (participle: string) => ({
    onSuccess: ({ runs, left_alone: left }: { runs: number; left_alone: number }) =>
      toast.success(`${plural(runs, "run")} ${participle}${left === 0 ? "" : `; ${left} had ended`}`),
    onSettled: () => queries.invalidateQueries(trpc.study.pathFilter()),
  });
  const pause = useMutation(trpc.study.pause.mutationOptions(wish("paused")));
  const resume = useMutation(trpc.study.resume.mutationOptions(wish("resumed")));
  const cancel = useMutation(trpc.study.cancel.mutationOptions(wish("cancelled")));
  const remove = useMutation(
    trpc.study.delete.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.study.list.queryKey() });
        router.push("/studies");
      },
    }),
  );
  const rename = useMutation(
    trpc.study.rename.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.study.get.queryKey({ id }) });
        setAsking(null);
      },
    }),
  );
  const askForName = (): void => {
    rename.reset();
    setAsking("rename");
  };
  const download = useMutation({
    mutationFn: (format: (typeof formats)[number]["format"]) => client.study.export.query({ id, span, format }),
    onSuccess: ({ file, text, type }) => downloadText(file, text, type),
  });
  const failed = [pause, resume, cancel, remove, download].find((mutation) => mutation.isError);

  const ended = study.desired === null;
  const paused = study.desired === "pause";
  const busy = pause.isPending || resume.isPending || cancel.isPending;
  const toggle = (): void => {
    if (ended || busy || study.desired === "cancel") return;
    if (paused) resume.mutate({ id });
    else pause.mutate({ id });
  };
  useShortcuts(ended ? [] : [{ keys: "p", label: "Pause or resume the study", run: toggle }]);

  return (
    <div className="flex max-w-full flex-col items-end gap-2 max-sm:items-start">
      <div className="flex flex-wrap gap-2">
        {ended ? null : (
          <>
            <Button onClick={toggle} disabled={busy || study.desired === "cancel"} className="min-w-26">
              {paused ? <Play aria-hidden className="size-4" /> : <Pause aria-hidden className="size-4" />}
              {pause.isPending ? "Pausing…" : resume.isPending ? "Resuming…" : paused ? "Resume" : "Pause"}
            </Button>
            <Button look="danger" onClick={() => setAsking("cancel")} disabled={busy || study.desired === "cancel"}>
              <Ban aria-hidden className="size-4" />
              {study.desired === "cancel" || cancel.isPending ? "Cancelling…" : "Cancel"}
            </Button>
          </>
        )}
        <ActionMenu>
          {formats.map(({ format, label }) => (
            <ActionMenuItem key={format} icon={Download} label={label} onSelect={() => download.mutate(format)} />
          ))}
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
        title={`Cancel ${id}?`}
        description="All its runs that have not ended are cancelled: programs being written or evaluated are dropped, and the runs cannot go on later. Everything judged so far stays. To stop for a while, pause it."
      >
        <ConfirmationCancel asChild>
          <Button>Keep running</Button>
        </ConfirmationCancel>
        <Button
          look="danger"
          onClick={() => {
            setAsking(null);
            cancel.mutate({ id });
          }}
        >
          Cancel the study
        </Button>
      </Confirmation>
      <Confirmation
        open={asking === "delete"}
        onOpenChange={(open) => setAsking(open ? "delete" : null)}
        title={`Delete ${id}?`}
        description={`The study and what it compares is deleted for good. Its ${plural(study.runs, "run")} can stay as runs of their own, or go with it.`}
      >
        <ConfirmationCancel asChild>
          <Button>Keep it</Button>
        </ConfirmationCancel>
        {(["keep", "delete"] as const).map((runs) => (
          <Button
            key={runs}
            look="danger"
            pending={remove.isPending}
            onClick={() => {
              setAsking(null);
              remove.mutate({ id, runs });
            }}
          >
            {runs === "keep" ? "Delete, keep the runs" : "Delete with all runs"}
          </Button>
        ))}
      </Confirmation>
      <RenameDialog
        key={`${study.name} ${asking === "rename"}`}
        named={study}
        rename={rename}
        open={asking === "rename"}
        onOpenChange={(open) => setAsking(open ? "rename" : null)}
      />
    </div>
  );
}
