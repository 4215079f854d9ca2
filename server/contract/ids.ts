/**
 * Sayable, stable ids: run `R3`, cycle `R3.2`, candidate `R3.2.017`, evaluation `R3.2.017e2`.
 * The same text is used in URLs, on screen, in logs and in exports.
 */
import { z } from "zod";

export const runIdSchema = z.string().regex(/^R[1-9]\d{0,9}$/, "a run id looks like R3");
export const candidateIdSchema = z
  .string()
  .regex(/^R[1-9]\d{0,9}\.(0|[1-9]\d{0,5})\.\d{3,7}$/, "a candidate id looks like R3.2.017");

export interface CandidateRef {
  run: number;
  cycle: number;
  index: number;
}

export const toRunId = (run: number): string => `R${run}`;
export const toCycleId = (run: number, cycle: number): string => `R${run}.${cycle}`;
export const toCandidateId = ({ run, cycle, index }: CandidateRef): string =>
  `R${run}.${cycle}.${String(index).padStart(3, "0")}`;
export const toEvaluationId = (candidate: CandidateRef, ordinal: number): string =>
  `${toCandidateId(candidate)}e${ordinal}`;

/** Run number of `R3`. The text must have passed `runIdSchema`. */
export const parseRunId = (id: string): number => Number(runIdSchema.parse(id).slice(1));

/** Parts of `R3.2.017`. The text must have passed `candidateIdSchema`. */
export function parseCandidateId(id: string): CandidateRef {
  const [run = "", cycle, index] = candidateIdSchema.parse(id).split(".");
  return { run: Number(run.slice(1)), cycle: Number(cycle), index: Number(index) };
}
