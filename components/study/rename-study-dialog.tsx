"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

interface RenameStudyDialogProps {
  study: { id: string; name: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function RenameStudyDialog({ study, open, onOpenChange }: RenameStudyDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [name, setName] = useState(study.name);
  const rename = useMutation(
    trpc.study.rename.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.study.get.queryKey({ id: study.id }) });
        onOpenChange(false);
      },
    }),
  );
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Rename ${study.id}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") rename.mutate({ id: study.id, name: name.trim() });
        }}
      >
        <label className="grid gap-1 font-medium">
          Name
          <input
            value={name}
            maxLength={120}
            required
            onChange={(event) => setName(event.target.value)}
            className="rounded border border-edge-strong bg-panel px-2 py-1.5 font-normal"
          />
        </label>
        {rename.isError ? (
          <p role="alert" className="mt-2 text-bad">
            {rename.error.message}
          </p>
        ) : null}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Keep the name</Button>
          <Button type="submit" look="solid" pending={rename.isPending} disabled={name.trim() === ""}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
