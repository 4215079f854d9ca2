/** The program without colours: what is shown before, and instead of, an editor. Same metrics, so nothing jumps. */
export function PlainCode({ code }: { code: string }) {
  return (
    <pre tabIndex={0} className="h-full overflow-auto bg-panel px-3 py-2 font-mono text-[13px] leading-5 whitespace-pre">
      {code}
    </pre>
  );
}
