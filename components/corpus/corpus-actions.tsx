"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";

import type { CorpusDetail } from "../../server/corpus/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { Confirmation, ConfirmationCancel } from "../ui/dialog";
import { formatCount } from "../ui/format";
import { ExportMenu } from "./export-menu";

export function CorpusActions({ corpus }: { corpus: CorpusDetail }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const remove = useMutation(
    trpc.corpus.delete.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.corpus.list.queryKey() });
        router.push("/corpus");
      },
    }),
  );
  return (
    <div className="flex max-w-full flex-col items-end gap-2 max-sm:items-start">
      <div className="flex flex-wrap gap-2">
        {corpus.state === "ready" ? <ExportMenu source={{ type: "corpus", version: corpus.version }} /> : null}
        {corpus.builtin ? null : (
          <Button look="danger" pending={remove.isPending} onClick={() => setAsking(true)}>
            <Trash2 aria-hidden className="size-4" />
            {remove.isPending ? "Deleting…" : "Delete"}
          </Button>
        )}
      </div>
      {remove.isError ? (
        <p role="alert" className="max-w-md text-right text-bad max-sm:text-left">
          {remove.error.message}
        </p>
      ) : null}
      <Confirmation
        open={asking}
        onOpenChange={setAsking}
        title={`Delete ${corpus.version}?`}
        description={`Its ${formatCount(corpus.entries)} entries are deleted for good. Export it first if you may need it.`}
      >
        <ConfirmationCancel asChild>
          <Button>Keep it</Button>
        </ConfirmationCancel>
        <Button
          look="danger"
          onClick={() => {
            setAsking(false);
            remove.mutate({ version: corpus.version });
          }}
        >
          Delete the corpus
        </Button>
      </Confirmation>
    </div>
  );
}
