import type { ComponentProps } from "react";

import { classNames } from "./class-names";

const looks = {
  solid: "border-accent bg-accent text-on-accent hover:brightness-110 dark:hover:brightness-95",
  plain: "border-edge-strong bg-panel text-ink hover:bg-sunken",
  quiet: "border-transparent bg-transparent text-ink-soft hover:bg-sunken hover:text-ink",
  danger: "border-bad bg-panel text-bad hover:bg-bad-soft",
} as const;

interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof looks;
  /** An action that was sent and not yet answered: shown at once, and not sent twice. */
  pending?: boolean;
}

export const buttonClass = (look: keyof typeof looks = "plain", className?: string): string =>
  classNames(
    "inline-flex min-h-8 items-center justify-center gap-1.5 rounded border px-3 py-1 text-sm font-medium whitespace-nowrap",
    "disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55",
    looks[look],
    className,
  );

export function Button({ look = "plain", pending = false, className, type = "button", disabled, ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={buttonClass(look, className)}
      disabled={disabled === true || pending}
      aria-busy={pending || undefined}
      {...rest}
    />
  );
}
