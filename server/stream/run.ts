import type { Context } from "../trpc/context";
import type { RunStreamItem } from "./views";
export async function* streamRun(_c: Context, _run: number, _after: number | null, _s: AbortSignal | undefined): AsyncGenerator<RunStreamItem, void, undefined> {}
