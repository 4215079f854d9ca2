import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from "@trpc/client";
import { z } from "zod";

import { findInstance } from "../launch/instance.mjs";
import { findHome, homePaths } from "../launch/paths.mjs";
import type { AppRouter } from "../trpc/types";
import type { CommandIo } from "./io";
import { CommandProblem } from "./problem";

export type Api = TRPCClient<AppRouter>;

/** How long to go on asking an instance that does not answer: as long as a restart with an installation may take. */
const patienceMs = 5 * 60_000;
const retryMs = 1_000;

/** ARCHLOOM_URL, else the instance that runs on this ARCHLOOM_HOME. Throws when there is none. */
export function findUrl(env: NodeJS.ProcessEnv): string {
  const given = env["ARCHLOOM_URL"];
  if (given !== undefined && given !== "") {
    if (!URL.canParse(given)) throw new CommandProblem(`ARCHLOOM_URL is not a URL: ${given}`);
    return given;
  }
  const instance = findInstance(homePaths(findHome(env)).instance);
  if (instance !== undefined) return instance.url;
  throw new CommandProblem("Archloom is not running here: start it with npm start, or name one in ARCHLOOM_URL.");
}

const connectApi = (url: string): Api =>
  createTRPCClient<AppRouter>({ links: [httpLink({ url: new URL("/api/trpc", url).href })] });

/** Asks once; what the instance refuses, and an instance that is not there, become a sentence. */
export async function ask<Answer>(io: CommandIo, question: (api: Api) => Promise<Answer>): Promise<Answer> {
  const url = findUrl(io.env);
  try {
    return await question(connectApi(url));
  } catch (error) {
    if (isAnswer(error)) throw new CommandProblem(error.message, { cause: error });
    if (!(error instanceof TRPCClientError)) throw error;
    throw new CommandProblem(`Nothing answers as Archloom at ${url}: start it with npm start.`, { cause: error });
  }
}

/** Fetches a file, such as `/api/adapters/R3/2`; a refusal becomes a sentence, and so does an instance that is not there. */
export async function fetchFile(io: CommandIo, path: string): Promise<Response> {
  const url = findUrl(io.env);
  let response: Response;
  try {
    response = await fetch(new URL(path, url), { signal: io.signal });
  } catch (error) {
    if (io.signal.aborted) throw new CommandProblem("Interrupted.", { cause: error });
    throw new CommandProblem(`Nothing answers as Archloom at ${url}: start it with npm start.`, { cause: error });
  }
  if (response.ok) return response;
  const refusal = refusalSchema.safeParse(await response.json().catch(() => undefined));
  throw new CommandProblem(refusal.data?.error.message ?? `${url} answered ${response.status} and not as Archloom does.`);
}

const refusalSchema = z.object({ error: z.object({ message: z.string() }) });

/**
 * Asks until there is an answer: an instance that is being restarted, maybe on another port, is waited for. Only for
 * questions that change nothing.
 */
export async function askPatiently<Answer>(io: CommandIo, question: (api: Api) => Promise<Answer>): Promise<Answer> {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    try {
      return await question(connectApi(findUrl(io.env)));
    } catch (error) {
      if (isAnswer(error) && !isPassing(error)) throw new CommandProblem(error.message, { cause: error });
      if (!(error instanceof TRPCClientError) && !(error instanceof CommandProblem)) throw error;
      if (waitedMs >= patienceMs) {
        throw new CommandProblem("Archloom has not answered for five minutes. What was started goes on by itself.", { cause: error });
      }
    }
    await io.sleep(retryMs);
    if (io.signal.aborted) throw new CommandProblem("Interrupted.");
  }
}

/** The instance answered, with a refusal; otherwise nothing, or something else, did. */
function isAnswer(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError && error.data != null;
}

const isPassing = (error: TRPCClientError<AppRouter>) => (error.data?.httpStatus ?? 0) >= 500;
