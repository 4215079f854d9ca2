/** What a command may touch of the world outside. */
export interface CommandIo {
  env: NodeJS.ProcessEnv;
  /** Standard output: results only. */
  write: (text: string) => void;
  /** Standard error: problems and progress. */
  writeError: (text: string) => void;
  /** Somebody watches standard error. */
  isTerminal: boolean;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Waits, shorter when the signal is aborted. */
  sleep: (ms: number) => Promise<void>;
}
