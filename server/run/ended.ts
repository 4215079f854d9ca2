import { endedRunStates, type RunState } from "../contract";

/** Nothing of the run will happen any more unless a person asks for it. */
export const isEnded = (state: RunState): boolean => endedRunStates.some((ended) => ended === state);
