"use client";

import { useMutation } from "@tanstack/react-query";
import { Download, Library } from "lucide-react";
import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";

import { toFileId } from "../../server/contract/ids";
import { type ExportFormat, exportFormats } from "../../server/contract/words";
import { useTRPC } from "../live/trpc";
import { TaskProgress } from "../task/task-progress";
import { useTask } from "../task/use-task";
import { Button, buttonClass } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { formatBytes, plural } from "../ui/format";
import { exportFormatLabels } from "./labels";

type Source = { type: "run"; run: string; winners: number } | { type: "corpus"; version: string };

const item = "flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 py-1 outline-none data-[highlighted]:bg-accent-soft data-[disabled]:cursor-not-allowed data-[disabled]:text-ink-faint";

/** A run's winners or a whole corpus in a format that others read; of winners, also a corpus to start the next run on. */
export function ExportMenu({ source }: { source: Source }) {
  const trpc = useTRPC();
  const [format, setFormat] = useState<ExportFormat | null>(null);
  const pack = useMutation(trpc.corpus.export.mutationOptions());
  const none = source.type === "run" && source.winners === 0;
  const what = source.type === "run" ? `${plural(source.winners, "winner")} of ${source.run}` : source.version;
  const start = (chosen: ExportFormat): void => {
    setFormat(chosen);
    pack.mutate({ source: source.type === "run" ? { type: "run", run: source.run, which: "winners" } : source, format: chosen });
  };
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger asChild>
          <Button>
            <Download aria-hidden className="size-4" />
            Export networks
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className="z-40 min-w-56 rounded border border-edge-strong bg-panel p-1 shadow-lg">
            <DropdownMenu.Label className="px-2 py-1 text-xs text-ink-soft">{none ? "No winners yet" : what}</DropdownMenu.Label>
            {exportFormats.map((one) => (
              <DropdownMenu.Item key={one} disabled={none} onSelect={() => start(one)} className={item}>
                <Download aria-hidden className="size-4 text-ink-soft" />
                {exportFormatLabels[one]}
              </DropdownMenu.Item>
            ))}
            {source.type === "run" ? (
              <>
                <DropdownMenu.Separator className="my-1 border-t border-edge" />
                <DropdownMenu.Item disabled={none} asChild className={item}>
                  <Link href={`/corpus/import?source=run&run=${source.run}`}>
                    <Library aria-hidden className="size-4 text-ink-soft" />
                    Make a corpus of the winners
                  </Link>
                </DropdownMenu.Item>
              </>
            ) : null}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <Dialog
        open={format !== null}
        onOpenChange={(open) => {
          if (!open) setFormat(null);
        }}
        title={`Export ${what}`}
        description={format === null ? undefined : exportFormatLabels[format]}
      >
        {pack.isError ? (
          <p role="alert" className="text-bad">
            {pack.error.message}
          </p>
        ) : (
          <Packing id={pack.data?.id ?? null} />
        )}
      </Dialog>
    </>
  );
}

function Packing({ id }: { id: string | null }) {
  const watched = useTask(id);
  const { task } = watched;
  const made = task?.kind === "export_networks" ? task.result : null;
  if (made === null) return <TaskProgress watched={watched} className="border-0 p-0" />;
  return (
    <div role="status" className="grid justify-items-start gap-3">
      <p>
        {plural(made.networks, "network")}, {formatBytes(made.bytes)}. It is kept for a week.
      </p>
      <a href={`/api/files/${toFileId(made.file)}`} download className={buttonClass("solid", "max-w-full whitespace-normal break-all")}>
        <Download aria-hidden className="size-4 shrink-0" />
        Download {made.name}
      </a>
    </div>
  );
}
