"use client";

import { useState } from "react";

import { Button } from "./button";
import { Dialog } from "./dialog";

interface RenameDialogProps {
  /** A run or a study. */
  named: { id: string; name: string };
  /** The mutation that sends the new name; whoever makes it also closes the dialog when it has been taken. */
  rename: { mutate: (input: { id: string; name: string }) => void; isPending: boolean; error: { message: string } | null };
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function RenameDialog({ named, rename, open, onOpenChange }: RenameDialogProps) {
  const [name, setName] = useState(named.name);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Rename ${named.id}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") rename.mutate({ id: named.id, name: name.trim() });
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
        {rename.error !== null ? (
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
