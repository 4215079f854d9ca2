import type { RunPresets } from "./views";
export function getPresets(): RunPresets { throw new Error("not reached"); }
