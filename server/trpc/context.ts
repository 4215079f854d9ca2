import { type Database, getDatabase } from "../db/client";
import { type Listener, getListener } from "../stream/listener";

/** What a procedure may use. Tests build their own over a database of their own. */
export interface Context {
  db: Database;
  listener: Listener;
}

export const createContext = (): Context => ({ db: getDatabase(), listener: getListener() });
