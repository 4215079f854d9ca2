import type { ReactNode } from "react";

import { classNames } from "./class-names";

interface PanelProps {
  title?: ReactNode;
  /** Beside the title, right-aligned. */
  actions?: ReactNode;
  className?: string;
  bodyClassName?: string;
  children: ReactNode;
  label?: string;
}

/** A bordered part of a page with its own heading. */
export function Panel({ title, actions, className, bodyClassName, children, label }: PanelProps) {
  return (
    <section className={classNames("min-w-0 rounded border border-edge bg-panel", className)} aria-label={label}>
      {title === undefined ? null : (
        <header className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-edge px-4 py-1.5">
          <h2 className="font-semibold">{title}</h2>
          {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={classNames("p-4", bodyClassName)}>{children}</div>
    </section>
  );
}
