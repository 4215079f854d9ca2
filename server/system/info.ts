import packageJson from "../../package.json" with { type: "json" };
import type { Database } from "../db/client";
import { hasWorkers } from "../worker/alive";
import { findHome } from "./home";
import type { SystemInfo } from "./views";

export async function getSystemInfo(db: Database): Promise<SystemInfo> {
  return {
    version: packageJson.version,
    archloom_home: findHome(),
    has_workers: await hasWorkers(db),
    start_command: "npm start",
  };
}
