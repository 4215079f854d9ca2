import type { Listener } from "./listener";
import type { RunsTick } from "./views";
export async function* streamRuns(_l: Listener, _s: AbortSignal | undefined): AsyncGenerator<RunsTick, void, undefined> {}
