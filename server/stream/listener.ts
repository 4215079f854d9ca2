export interface Listener {
  subscribe: (channel: string, onNotice: (payload: string) => void) => () => void;
}
export function getListener(): Listener { throw new Error("x"); }
