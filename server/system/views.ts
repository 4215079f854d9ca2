export interface SystemInfo {
  version: string;
  /** Folder of the database and the logs. */
  archloom_home: string;
  /** A worker is running and has answered within one lease. */
  has_workers: boolean;
  /** What starts web and worker. */
  start_command: string;
}
