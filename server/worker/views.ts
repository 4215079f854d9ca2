import type { AttemptEnding, JobKind, ProtectionLevel, WorkerState } from "../contract/words";

export interface WorkerView {
  id: number;
  name: string;
  host: string;
  pid: number;
  state: WorkerState;
  /** Running, but its heartbeat is older than a lease. */
  silent: boolean;
  device: string;
  slots: number;
  /** Slot name -> what it does now. */
  activity: Record<string, string>;
  protection_level: ProtectionLevel | null;
  protection_checks: { name: string; passed: boolean; detail: string }[] | null;
  versions: Record<string, string>;
  memory_bytes: number | null;
  /** Cores in use, 0.5 = half a core. */
  cpu_share: number | null;
  heartbeat_age_seconds: number;
  leased: number;
  started_at: string;
  ended_at: string | null;
}

export interface QueueView {
  kind: JobKind;
  queued: number;
  leased: number;
  /** Age of the oldest queued job; null = nothing is queued. */
  oldest_seconds: number | null;
}

export interface AttemptView {
  job: number;
  kind: JobKind;
  /** What it was about: `R3.2.017e2`, or the cycle `R3.2`. */
  subject: string;
  worker: string;
  ending: Exclude<AttemptEnding, "done">;
  error: string | null;
  started_at: string;
  ended_at: string | null;
}

export interface WorkersView {
  /** Running ones first, then the most recently ended. */
  workers: WorkerView[];
  /** One entry for every kind of job. */
  queue: QueueView[];
  /** Newest first. */
  troubled_attempts: AttemptView[];
}
