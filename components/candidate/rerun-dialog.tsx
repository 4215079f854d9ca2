"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RadioGroup } from "radix-ui";
import { useState } from "react";

import type { CandidateDetail } from "../../server/candidate/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { formatSeconds } from "../ui/format";

interface RerunDialogProps {
  candidate: CandidateDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onQueued: () => void;
}

const newSeed = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 2_147_483_648;

/** One more evaluation of this program, with what it costs; the original and the run's figures stay. */
export function RerunDialog({ candidate, open, onOpenChange, onQueued }: RerunDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [which, setWhich] = useState("same");
  const first = candidate.evaluations[0];
  const seed = first?.seed ?? candidate.evaluation_seed;
  const rerun = useMutation(
    trpc.candidate.rerun.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.candidate.get.queryKey({ id: candidate.id }) });
        onOpenChange(false);
        onQueued();
      },
    }),
  );
  const seconds = first?.wall_seconds ?? candidate.train_seconds;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Run ${candidate.id} again?`}
      description={`Recipe ${candidate.recipe}, on the next free slot, before all queued work. ${
        seconds === null ? "It costs one evaluation." : `The first evaluation took ${formatSeconds(seconds)}.`
      } The original and the run's figures stay as they are.`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rerun.mutate({ id: candidate.id, seed: which === "same" ? seed : newSeed(), confirm: true });
        }}
      >
        <RadioGroup.Root value={which} onValueChange={setWhich} aria-label="Seed" className="grid gap-2">
          <Choice value="same" label={`Same seed (${seed})`} note="Same weights and batch order: shows whether the result repeats." />
          <Choice value="new" label="New seed" note="Other weights and batch order: shows how much of the accuracy is luck." />
        </RadioGroup.Root>
        {rerun.isError ? (
          <p role="alert" className="mt-3 text-bad">
            {rerun.error.message}
          </p>
        ) : null}
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Not now</Button>
          <Button type="submit" look="solid" pending={rerun.isPending}>
            {rerun.isPending ? "Queueing…" : "Re-run"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Choice({ value, label, note }: { value: string; label: string; note: string }) {
  return (
    <RadioGroup.Item
      value={value}
      className="rounded border border-edge-strong px-3 py-2 text-left hover:bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:outline data-[state=checked]:outline-accent"
    >
      <span className="block font-medium">{label}</span>
      <span className="block text-xs text-ink-soft">{note}</span>
    </RadioGroup.Item>
  );
}
