/**
 * Sayable, stable ids: run `R3`, cycle `R3.2`, candidate `R3.2.017`, evaluation `R3.2.017e2`.
 * The same text is used in URLs, on screen, in logs and in exports.
 */
import { z } from "zod";

export const runIdSchema = z.string().regex(/^R[1-9]\d{0,9}$/, "a run id looks like R3");
export const candidateIdSchema = z
  .string()
  .regex(/^R[1-9]\d{0,9}\.(0|[1-9]\d{0,5})\.\d{3,7}$/, "a candidate id looks like R3.2.017");

export const evaluationIdSchema = z
  .string()
  .regex(/^R[1-9]\d{0,9}\.(0|[1-9]\d{0,5})\.\d{3,7}e[1-9]\d{0,8}$/, "an evaluation id looks like R3.2.017e2");

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

/** Candidate and ordinal of `R3.2.017e2`. The text must have passed `evaluationIdSchema`. */
export function parseEvaluationId(id: string): { candidate: CandidateRef; ordinal: number } {
  const [candidate = "", ordinal] = evaluationIdSchema.parse(id).split("e");
  return { candidate: parseCandidateId(candidate), ordinal: Number(ordinal) };
}

export const corpusVersionSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, "a corpus version looks like starter-1: small letters, digits, dots and dashes");

export const recipeNameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, "a recipe's name looks like cifar10-paper");

export const promptNameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, "a template's name looks like my-prompt");
export const promptTemplateIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}@[1-9]\d{0,5}$/, "a prompt template and its version look like starter@1");

export const studyIdSchema = z.string().regex(/^S[1-9]\d{0,9}$/, "a study id looks like S2");
export const taskIdSchema = z.string().regex(/^T[1-9]\d{0,9}$/, "a task id looks like T5");
export const fileIdSchema = z.string().regex(/^F[1-9]\d{0,9}$/, "a file id looks like F5");

export const toStudyId = (study: number): string => `S${study}`;
export const parseStudyId = (id: string): number => Number(studyIdSchema.parse(id).slice(1));
export const toTaskId = (task: number): string => `T${task}`;
export const parseTaskId = (id: string): number => Number(taskIdSchema.parse(id).slice(1));
export const toFileId = (file: number): string => `F${file}`;
export const parseFileId = (id: string): number => Number(fileIdSchema.parse(id).slice(1));

/** Name and version of `starter@1`. */
export function parsePromptTemplateId(id: string): { name: string; version: number } {
  const [name = "", version] = promptTemplateIdSchema.parse(id).split("@");
  return { name, version: Number(version) };
}
