"use client";

import { Progress } from "radix-ui";

import { Button } from "../ui/button";
import { formatBytes } from "../ui/format";

interface UploadProgressProps {
  upload: { name: string; sent: number; total: number };
  onCancel: () => void;
}

export function UploadProgress({ upload: { name, sent, total }, onCancel }: UploadProgressProps) {
  const share = total === 0 ? 1 : sent / total;
  return (
    <section aria-label="Upload" className="grid gap-2 rounded border border-edge bg-panel p-4">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4">
        <p role="status" className="min-w-0 font-semibold break-words">
          Sending {name}
        </p>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
      <Progress.Root value={share * 100} aria-label={`Sending ${name}`} className="h-2 overflow-hidden rounded-full bg-sunken">
        <Progress.Indicator className="h-full rounded-full bg-mark" style={{ width: `${share * 100}%` }} />
      </Progress.Root>
      <p className="text-ink-soft">
        {formatBytes(sent)} of {formatBytes(total)}
        {sent === total ? " · being stored" : ""}
      </p>
    </section>
  );
}
