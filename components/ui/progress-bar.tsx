import { Progress } from "radix-ui";

import { classNames } from "./class-names";

interface ProgressBarProps {
  /** From 0 to 1; null where the whole is not known: then nothing is said of how much is done. */
  share: number | null;
  label: string;
}

export function ProgressBar({ share, label }: ProgressBarProps) {
  return (
    <Progress.Root value={share === null ? null : share * 100} aria-label={label} className="h-2 overflow-hidden rounded-full bg-sunken">
      <Progress.Indicator
        className={classNames("h-full rounded-full", share === null ? "pulse bg-mark-soft" : "bg-mark")}
        style={{ width: share === null ? "100%" : `${share * 100}%` }}
      />
    </Progress.Root>
  );
}
