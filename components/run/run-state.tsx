import { Ban, CircleCheck, CircleDashed, CirclePause, CircleX, LoaderCircle } from "lucide-react";

import type { RunState } from "../../server/contract/words";
import { classNames } from "../ui/class-names";
import { runStateLabels } from "./labels";

const looks: Record<RunState, { icon: typeof Ban; color: string; moving: boolean }> = {
  waiting: { icon: CircleDashed, color: "text-warn", moving: false },
  running: { icon: LoaderCircle, color: "text-accent", moving: true },
  pausing: { icon: CirclePause, color: "text-warn", moving: true },
  paused: { icon: CirclePause, color: "text-warn", moving: false },
  cancelling: { icon: Ban, color: "text-ink-faint", moving: true },
  cancelled: { icon: Ban, color: "text-ink-faint", moving: false },
  finished: { icon: CircleCheck, color: "text-good", moving: false },
  failed: { icon: CircleX, color: "text-bad", moving: false },
};

/** Icon, word and colour: none of them alone. */
export function RunStateLabel({ state, className }: { state: RunState; className?: string }) {
  const { icon: Icon, color, moving } = looks[state];
  return (
    <span className={classNames("inline-flex items-center gap-1.5 align-middle font-medium whitespace-nowrap", color, className)}>
      <Icon aria-hidden className={classNames("size-4 shrink-0", moving && "pulse")} />
      {runStateLabels[state]}
    </span>
  );
}

export const isEnded = (state: RunState): boolean => state === "finished" || state === "failed" || state === "cancelled";
