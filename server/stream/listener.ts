import postgres from "postgres";

import { connectionOptions, getDatabaseUrl } from "../db/client";

export type Channel = "archloom_run" | "archloom_job";

/** Gets the payload of a notice; null = notices may have been missed (the connection is new), so look yourself. */
export type OnNotice = (payload: string | null) => void;

/**
 * The process's one listening connection.
 *
 * Guaranteed: a subscriber hears every notice sent while the connection stands, and null each time it is made anew.
 * Not guaranteed: that a connection which died silently is noticed at once. Subscribers also look on their own, rarely.
 */
export interface Listener {
  subscribe: (channel: Channel, onNotice: OnNotice) => () => void;
  close: () => Promise<void>;
}

/** Connects at the first subscription, and again whenever the connection or the database goes away. */
export function createListener(url: string): Listener {
  const subscribers = new Map<Channel, Set<OnNotice>>();
  let client: postgres.Sql | undefined;

  const announce = (channel: Channel, payload: string | null) => {
    for (const onNotice of subscribers.get(channel) ?? []) onNotice(payload);
  };

  const open = (channel: Channel): Set<OnNotice> => {
    const existing = subscribers.get(channel);
    if (existing !== undefined) return existing;
    const opened = new Set<OnNotice>();
    subscribers.set(channel, opened);
    client ??= postgres(url, { ...connectionOptions, max: 1 });
    // The driver listens again by itself after a connection is lost, a failed first try included; only then is the
    // promise rejected, and the subscribers' own looks report what is wrong with the database.
    client
      .listen(channel, (payload) => announce(channel, payload), () => announce(channel, null))
      .catch(() => undefined);
    return opened;
  };

  return {
    subscribe(channel, onNotice) {
      const own = open(channel);
      own.add(onNotice);
      return () => own.delete(onNotice);
    },
    async close() {
      const closing = client;
      client = undefined;
      subscribers.clear();
      await closing?.end({ timeout: 1 });
    },
  };
}

const shared = globalThis as typeof globalThis & { archloomListener?: Listener };

/** The web process's listener. Lives on globalThis because a bundler may load this module more than once. */
export const getListener = (): Listener => (shared.archloomListener ??= createListener(getDatabaseUrl()));
