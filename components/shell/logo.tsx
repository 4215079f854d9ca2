/** Warp and weft: four threads, crossing over and under. */
export function Logo() {
  return (
    <svg viewBox="0 0 20 20" className="size-5 text-accent" aria-hidden fill="none" stroke="currentColor" strokeWidth={2.2}>
      <path d="M6.5 1v4M6.5 9v10M13.5 1v10M13.5 15v4" />
      <path d="M1 6.5h10M15 6.5h4M1 13.5h4M9 13.5h10" />
    </svg>
  );
}
