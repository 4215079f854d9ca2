export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-block min-w-5 rounded border border-edge-strong bg-panel px-1 text-center font-mono text-xs leading-5 text-ink-soft">
      {children}
    </kbd>
  );
}
