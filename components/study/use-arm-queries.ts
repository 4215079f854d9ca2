"use client";

import { useQueries } from "@tanstack/react-query";

import { findConfigProblems } from "../../server/contract/config-problems";
import type { RunConfig } from "../../server/contract/run-config";
import type { SecondsRange } from "../../server/run/views";
import { useTRPC } from "../live/trpc";
import { useDebounced } from "../ui/use-debounced";
import type { StudyPlan } from "./study-draft";

export interface ArmAnswer {
  /** By path, what keeps the arm from being started. */
  wrong: Record<string, string>;
  /** Of one run; null = nothing like it was measured, undefined = not known yet. */
  estimate: SecondsRange | null | undefined;
}

/** What the server says of every arm that can be read: what is missing for it, and how long one run of it takes. */
export function useArmQueries({ arms }: StudyPlan): ArmAnswer[] {
  const trpc = useTRPC();
  const configs = arms.map(({ read }) => read.config);
  const settled = useDebounced(JSON.stringify(configs), 300);
  const asked = JSON.parse(settled) as (RunConfig | null)[];
  const known = asked.filter((config) => config !== null);
  const checks = useQueries({ queries: known.map((config) => trpc.run.check.queryOptions({ config })) });
  const estimates = useQueries({ queries: known.map((config) => trpc.run.estimate.queryOptions({ config })) });
  return arms.map(({ read }) => {
    if (read.config === null) return { wrong: read.problems, estimate: undefined };
    const text = JSON.stringify(read.config);
    const at = known.findIndex((config) => JSON.stringify(config) === text);
    const found = [...findConfigProblems(read.config), ...(checks[at]?.data ?? [])];
    // The first problem of a field is the one that is said.
    return { wrong: Object.fromEntries(found.toReversed().map(({ field, message }) => [field, message])), estimate: estimates[at]?.data };
  });
}

/** What is wrong with every arm is wrong with what they start from; `own` is what is left for each. */
export function splitProblems(answers: readonly ArmAnswer[]): { common: Record<string, string>; own: Record<string, string>[] } {
  const isCommon = ([path, message]: [string, string]) => answers.every(({ wrong }) => wrong[path] === message);
  return {
    common: Object.fromEntries(Object.entries(answers[0]?.wrong ?? {}).filter(isCommon)),
    own: answers.map(({ wrong }) => Object.fromEntries(Object.entries(wrong).filter((problem) => !isCommon(problem)))),
  };
}

/** All runs of a study, one after the other. */
export function addEstimates(answers: readonly ArmAnswer[], seeds: number): SecondsRange | null | undefined {
  const total = { seconds_low: 0, seconds_high: 0, basis: "" };
  for (const { estimate } of answers) {
    if (estimate == null) return estimate;
    total.seconds_low += seeds * estimate.seconds_low;
    total.seconds_high += seeds * estimate.seconds_high;
    total.basis = estimate.basis;
  }
  return total;
}
