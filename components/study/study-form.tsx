"use client";

import { useMutation } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";

import { studyLimits } from "../../server/contract/study";
import type { RunConfig } from "../../server/contract/run-config";
import type { FieldDescriptor } from "../../server/run/views";
import { useTRPC } from "../live/trpc";
import { toDraft } from "../run/config-draft";
import { useFieldExtras } from "../run/use-field-extras";
import { Button } from "../ui/button";
import { plural } from "../ui/format";
import { Panel } from "../ui/panel";
import { ArmCard } from "./arm-card";
import { ChangeList } from "./change-list";
import { PlanSummary } from "./plan-summary";
import { addArm, dropPath, emptyStudy, formTemplates, listPaths, planStudy, setValue, showPath, type StudyDraft, toChanges } from "./study-draft";
import { addEstimates, splitProblems, useArmQueries } from "./use-arm-queries";

interface StudyFormProps {
  fields: FieldDescriptor[];
  config: RunConfig;
  source: string | null;
  preset: string;
  draft: StudyDraft;
  onDraft: (change: (before: StudyDraft) => StudyDraft) => void;
}

/** What all arms start from, the arms, the seeds; how many runs and how long that is before anything is started. */
export function StudyForm({ fields, config, source, preset, draft, onDraft }: StudyFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const [tried, setTried] = useState(false);
  const start = useMutation(trpc.study.start.mutationOptions({ onSuccess: (started) => router.push(`/studies/${started.id}`) }));
  const from = useMemo(() => toDraft(config, fields), [config, fields]);
  const plan = useMemo(() => planStudy(draft, from, fields), [draft, from, fields]);
  const answers = useArmQueries(plan);
  const problems = splitProblems(answers);
  const { options } = useFieldExtras(plan.under, plan.base.config, () => undefined);
  const change = (next: (before: StudyDraft) => StudyDraft): void => {
    start.reset();
    onDraft(next);
  };
  const changeBase = (next: (base: StudyDraft["base"]) => StudyDraft["base"]): void => change((before) => ({ ...before, base: next(before.base) }));

  const nameProblem = draft.name.trim() === "" ? "Say in a few words what the study asks." : null;
  const seedsProblem = plan.seeds === null ? `Must be up to ${studyLimits.seeds} different whole numbers, e.g. 0, 1, 2 or 0-2.` : null;
  const ready =
    nameProblem === null && seedsProblem === null && plan.problem === null && plan.runs !== null &&
    plan.arms.every(({ nameProblem: problem }) => problem === null) && answers.every(({ wrong }) => Object.keys(wrong).length === 0);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // What is missing is marked first, and can then be found.
    flushSync(() => setTried(true));
    const { base } = plan;
    if (!ready || base.config === null || plan.seeds === null) {
      const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]") ?? form.current?.querySelector<HTMLElement>("[role=alert]");
      wrong?.focus();
      wrong?.scrollIntoView({ block: "center" });
      return;
    }
    start.mutate({
      name: draft.name.trim(),
      ...(source === null ? { preset } : { source_run: source }),
      set: toChanges(draft.base.values, from, base.config),
      arms: draft.arms.map((arm, at) => {
        const armConfig = plan.arms[at]?.read.config ?? config;
        return { name: arm.name.trim(), set: toChanges(arm.values, plan.under, armConfig) };
      }),
      seeds: plan.seeds,
    });
  };

  return (
    <form ref={form} noValidate onSubmit={submit} className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_24rem] xl:items-start">
      <div className="grid min-w-0 gap-4">
        <Panel title="What is asked">
          <div className="grid gap-4 sm:grid-cols-2">
            <div>
              <label htmlFor={`${id}-name`} className="font-medium">
                Name
              </label>
              <input
                id={`${id}-name`}
                value={draft.name}
                maxLength={120}
                autoComplete="off"
                placeholder="what fine-tuning does"
                aria-invalid={tried && nameProblem !== null ? true : undefined}
                aria-describedby={`${id}-name-help`}
                onChange={(event) => change((before) => ({ ...before, name: event.target.value }))}
                className="mt-1 w-full rounded border border-edge-strong bg-panel px-2 py-1 aria-invalid:border-bad"
              />
              <p id={`${id}-name-help`} className={tried && nameProblem !== null ? "mt-0.5 text-xs font-semibold text-bad" : "mt-0.5 text-xs text-ink-soft"}>
                {nameProblem ?? "The list of studies shows it."}
              </p>
            </div>
            <div>
              <label htmlFor={`${id}-seeds`} className="font-medium">
                Seeds
              </label>
              <input
                id={`${id}-seeds`}
                value={draft.seeds}
                autoComplete="off"
                aria-invalid={seedsProblem === null ? undefined : true}
                aria-describedby={`${id}-seeds-help`}
                onChange={(event) => change((before) => ({ ...before, seeds: event.target.value }))}
                className="mt-1 w-full rounded border border-edge-strong bg-panel px-2 py-1 aria-invalid:border-bad"
              />
              <p id={`${id}-seeds-help`} className={seedsProblem === null ? "mt-0.5 text-xs text-ink-soft" : "mt-0.5 text-xs font-semibold text-bad"}>
                {seedsProblem ?? describeSeeds(plan.seeds?.length ?? 0)}
              </p>
            </div>
          </div>
        </Panel>
        <Panel title="In all arms">
          <ChangeList
            fields={fields}
            under={from}
            values={draft.base.values}
            paths={listPaths(draft.base, from)}
            kept={emptyStudy.base.shown}
            wrong={problems.common}
            options={options}
            label="In all arms"
            onChange={(path, value) => changeBase((base) => setValue(base, from, path, value))}
            onAdd={(path) => changeBase((base) => showPath(base, path))}
            onRemove={(path) => changeBase((base) => dropPath(base, path))}
          />
        </Panel>
        <Panel title={`Arms (${draft.arms.length})`}>
          <ol className="grid gap-3 md:grid-cols-2">
            {draft.arms.map((arm, at) => {
              const armPlan = plan.arms[at];
              return armPlan === undefined ? null : (
                <ArmCard
                  key={arm.key}
                  arm={arm}
                  position={at}
                  plan={armPlan}
                  under={plan.under}
                  fields={fields}
                  wrong={problems.own[at] ?? {}}
                  options={options}
                  onChange={(next) => change((before) => ({ ...before, arms: before.arms.map((one) => (one.key === next.key ? next : one)) }))}
                  onRemove={
                    draft.arms.length === 1 ? undefined : () => change((before) => ({ ...before, arms: before.arms.filter((one) => one.key !== arm.key) }))
                  }
                />
              );
            })}
          </ol>
          <div role="group" aria-label="Add an arm" className="mt-3 flex flex-wrap gap-2">
            {formTemplates.map((template) => (
              <Button
                key={template.name}
                title={template.question}
                disabled={draft.arms.length >= studyLimits.arms}
                onClick={() => change((before) => addArm(before, template))}
              >
                <Plus aria-hidden className="size-4" />
                {template.name}
              </Button>
            ))}
          </div>
          <p className="mt-2 text-xs text-ink-soft">
            frozen: fine-tuning off. novelty off: copies may win. grammar: random networks without any model. custom: any fields you choose.
          </p>
        </Panel>
      </div>
      <PlanSummary
        plan={plan}
        estimate={plan.seeds === null ? undefined : addEstimates(answers, plan.seeds.length)}
        refusal={start.error?.message ?? null}
        incomplete={tried && !ready}
        pending={start.isPending || start.isSuccess}
      />
    </form>
  );
}

function describeSeeds(count: number): string {
  if (count === 1) return "1 seed: what another seed would give is not known then. Three or more tell luck from an effect.";
  return `${plural(count, "seed")}: every arm is run with each of them, and arms are compared within a seed.`;
}
