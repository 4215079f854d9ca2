"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { RunDetail } from "../../server/run/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { formatDuration, plural } from "../ui/format";

interface AddCyclesDialogProps {
  run: RunDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const most = 200;

/** Lets a finished run go on: the next cycle is written by an adapter trained on everything selected so far. */
export function AddCyclesDialog({ run, open, onOpenChange }: AddCyclesDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [text, setText] = useState("2");
  const count = Number(text);
  const left = most - run.cycles_planned;
  const fits = Number.isInteger(count) && count >= 1 && count <= left;
  const add = useMutation(
    trpc.run.addCycles.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.run.get.queryKey({ id: run.id }) });
        onOpenChange(false);
      },
    }),
  );
  const perCycle = run.cycles.length === 0 ? null : run.seconds / run.cycles.length;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Add cycles to ${run.id}`} description={`It has ${plural(run.cycles_planned, "cycle")}; its configuration stays as it is.`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) add.mutate({ id: run.id, cycles: count });
        }}
      >
        <label className="flex items-center gap-3 font-medium">
          Cycles to add
          <input
            value={text}
            inputMode="numeric"
            aria-invalid={!fits}
            aria-describedby="add-cycles-help"
            onChange={(event) => setText(event.target.value)}
            className="w-24 rounded border border-edge-strong bg-panel px-2 py-1.5 text-right font-normal aria-invalid:border-bad"
          />
        </label>
        <p id="add-cycles-help" className={fits ? "mt-2 text-ink-soft" : "mt-2 text-bad"}>
          {fits
            ? perCycle === null
              ? "The time is not known yet."
              : `About ${formatDuration(perCycle * count)}, judging by this run's ${formatDuration(perCycle)} a cycle.`
            : `Must be a whole number from 1 to ${left}.`}
        </p>
        {add.isError ? (
          <p role="alert" className="mt-2 text-bad">
            {add.error.message}
          </p>
        ) : null}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Not now</Button>
          <Button type="submit" look="solid" pending={add.isPending} disabled={!fits}>
            Go on
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
