/** Whether this tab's one event stream is up. Shown in the header, and as a banner once it has been down for a while. */
export type Connection =
  /** No stream is needed: nothing on this page can change by itself. */
  | { state: "idle" }
  | { state: "connecting" }
  | { state: "live" }
  | { state: "offline"; since: number };

let connection: Connection = { state: "idle" };
const listeners = new Set<() => void>();

/** The first failure's time is kept while retries go on. */
export function setConnection(state: Connection["state"], now: number): void {
  if (state === connection.state) return;
  connection = state === "offline" ? { state, since: now } : { state };
  for (const listener of listeners) listener();
}

export const getConnection = (): Connection => connection;
const idle: Connection = { state: "idle" };
export const getServerConnection = (): Connection => idle;

export function subscribeConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
