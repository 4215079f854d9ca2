"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";

import type { CandidateDetail } from "../../server/candidate/views";
import { parseCandidateId, parsePromptTemplateId, toRunId } from "../../server/contract/ids";
import { useTRPC } from "../live/trpc";
import { useRunStream } from "../live/use-run-stream";
import { isEnded } from "../run/run-state";
import { DocumentTitle } from "../shell/document-title";
import { useShortcuts } from "../shell/use-shortcuts";
import { Button, buttonClass } from "../ui/button";
import { copyText } from "../ui/copy-text";
import { Failure, Skeleton } from "../ui/states";
import { CandidateTabs } from "./candidate-tabs";
import { EvaluationComparison } from "./evaluation-comparison";
import { FateLine } from "./fate-line";
import { KeyFigures } from "./key-figures";
import { outcomeLabels, outcomeSentences } from "./labels";
import { OutcomeLabel } from "./outcome-label";
import { prepareFate } from "./prepare-fate";
import { RerunDialog } from "./rerun-dialog";

/** One program: how far it came, its figures, its text, and what a re-run says. */
export function CandidateView({ id }: { id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const candidate = useQuery({ ...trpc.candidate.get.queryOptions({ id }), placeholderData: keepPreviousData });
  const data = candidate.data;
  const { run, cycle } = parseCandidateId(id);
  const runId = toRunId(run);
  const home = `/runs/${runId}?cycle=${cycle}`;

  const waits = data !== undefined && data.evaluations.some((evaluation) => evaluation.state !== "ended");
  const undecided = data !== undefined && !isEnded(data.run_state) && (data.state !== "ended" || data.selection_threshold === null);
  const store = useRunStream(runId, waits || undecided);

  const canRerun = data !== undefined && data.code !== null;
  const go = (to: string | null | undefined): void => {
    if (typeof to === "string") router.push(`/candidates/${to}${window.location.search}`);
  };
  useShortcuts([
    { keys: "j", label: "Next program of the run", run: () => go(data?.next_id) },
    { keys: "k", label: "Previous program of the run", run: () => go(data?.previous_id) },
    { keys: "r", label: "Run this program again (asks)", run: () => canRerun && setAsking(true) },
    { keys: "y", label: "Copy the id", run: () => void copyText(id, "Id") },
    { keys: "Shift+Y", label: "Copy a link to this view", run: () => void copyText(window.location.href, "Link") },
    { keys: "Escape", label: "Back to the run", run: () => router.push(home) },
  ]);

  if (data === undefined) {
    return candidate.isError ? (
      <Failure title={`${id} could not be loaded`} error={candidate.error} onRetry={() => void candidate.refetch()} />
    ) : (
      <CandidateSkeleton />
    );
  }
  const failed = data.outcome !== null && data.outcome !== "ok";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <DocumentTitle title={`${data.id}${data.outcome === null ? "" : ` ${outcomeLabels[data.outcome]}`}`} />
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <p className="text-xs text-ink-soft">
            <Link href="/runs" className="hover:underline">
              Runs
            </Link>{" "}
            /{" "}
            <Link href={home} className="hover:underline">
              <span className="font-mono">{data.run}</span> {data.run_name}, cycle {data.cycle}
            </Link>
          </p>
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
            <span className="font-mono">{data.id}</span>
            <OutcomeLabel state={data.state} outcome={data.outcome} className="text-sm font-medium" />
          </h1>
          <p className="mt-0.5 text-ink-soft">
            Written by <Writer candidate={data} />, batch {data.batch}, recipe {data.recipe}
            {data.protection_level === null || data.protection_level === "full" ? "" : `, evaluated under ${data.protection_level} protection`}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Step to={data.previous_id} label="Previous" />
          <Step to={data.next_id} label="Next" />
          <Button look="solid" disabled={!canRerun} onClick={() => setAsking(true)}>
            <RotateCcw aria-hidden className="size-4" />
            Re-run
          </Button>
        </div>
      </header>
      <FateLine steps={prepareFate(data)} />
      {failed && data.outcome !== null ? (
        <p className="border-l-4 border-bad bg-panel px-4 py-2.5">
          <strong className="font-semibold">{outcomeSentences[data.outcome]}</strong>{" "}
          {data.error === null ? null : (
            <span className="break-words">
              {data.error.line === null ? "" : `Line ${data.error.line}: `}
              <code className="font-mono text-[13px]">
                {[data.error.type, data.error.message].filter((part) => part !== null && part !== "").join(": ")}
              </code>
            </span>
          )}
          {data.failure_peers > 0 ? (
            <>
              {" "}
              <Link prefetch={false} href={`/runs/${data.run}?outcome=${data.outcome}`} className="text-accent underline underline-offset-2">
                {data.failure_peers} {data.failure_peers === 1 ? "other fails" : "others fail"} this way
              </Link>
            </>
          ) : null}
        </p>
      ) : null}
      <EvaluationComparison candidate={data} />
      <KeyFigures candidate={data} />
      <CandidateTabs candidate={data} store={store} />
      <RerunDialog candidate={data} open={asking} onOpenChange={setAsking} onQueued={() => window.scrollTo({ top: 0 })} />
    </div>
  );
}

function Writer({ candidate: { backend, model, has_adapter, prompt_template: template } }: { candidate: CandidateDetail }) {
  if (template === null) return <>a random grammar, without any model</>;
  const { name, version } = parsePromptTemplateId(template);
  return (
    <>
      {model}
      {has_adapter ? ", fine-tuned" : ", the base model"}
      {backend === "server" ? ", behind a server" : ""}, from{" "}
      <Link prefetch={false} href={`/prompts/${name}?version=${version}`} className="text-accent underline underline-offset-2">
        {template}
      </Link>
    </>
  );
}

function Step({ to, label }: { to: string | null; label: string }) {
  return to === null ? (
    <span aria-disabled className={buttonClass()}>
      {label}
    </span>
  ) : (
    <Link prefetch={false} href={`/candidates/${to}`} className={buttonClass()} title={to}>
      {label}
    </Link>
  );
}

function CandidateSkeleton() {
  return (
    <div role="status" aria-label="Loading program" className="grid gap-4">
      <Skeleton className="h-16" />
      <Skeleton className="h-14" />
      <Skeleton className="h-20" />
      <Skeleton className="h-[38rem]" />
    </div>
  );
}
