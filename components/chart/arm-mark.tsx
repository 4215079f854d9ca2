/** How arms of a study are told apart: by colour and by shape, each for life; the first one, the reference, is the ink itself. */
const colors = 7;

/** Outlines around 0, 0 within 1; scaled when drawn. */
const shapes = [
  "M-.9 0a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0Z",
  "M-.85-.85h1.7v1.7h-1.7Z",
  "M0-1.1L1 .8H-1Z",
  "M0-1.2L1.1 0L0 1.2L-1.1 0Z",
  "M0 1.1L1-.8H-1Z",
  "M-.35-1.1h.7v.75h.75v.7h-.75v.75h-.7v-.75h-.75v-.7h.75Z",
  "M-1-.55L-.55-1L0-.45L.55-1L1-.55L.45 0L1 .55L.55 1L0 .45L-.55 1L-1 .55L-.45 0Z",
  "M-1.15 0L-.55-1H.55L1.15 0L.55 1H-.55Z",
] as const;

export const armColor = (arm: number): string => `var(--arm-${arm === 0 ? 0 : ((arm - 1) % colors) + 1})`;

/** Beyond the last shape they come again, hollow. */
const isHollow = (arm: number): boolean => arm >= shapes.length;

interface MarkProps {
  arm: number;
  x: number;
  y: number;
  radius: number;
}

/** A mark within a chart. */
export function ArmMark({ arm, x, y, radius }: MarkProps) {
  return (
    <path
      d={shapes[arm % shapes.length]}
      transform={`translate(${x} ${y}) scale(${radius})`}
      fill={isHollow(arm) ? "var(--panel)" : armColor(arm)}
      stroke={armColor(arm)}
      strokeWidth={1.25}
      vectorEffect="non-scaling-stroke"
    />
  );
}

/** The same mark beside a word. */
export function ArmSwatch({ arm }: { arm: number }) {
  return (
    <svg viewBox="-7 -7 14 14" className="inline-block size-3.5 shrink-0 align-[-0.15em]" aria-hidden>
      <ArmMark arm={arm} x={0} y={0} radius={4.6} />
    </svg>
  );
}
