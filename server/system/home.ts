import { join, resolve } from "node:path";

/**
 * Folder of an instance's database and logs. A relative ARCHLOOM_HOME counts from where the person stood when typing the
 * command (npm changes to the project's root and keeps that place in INIT_CWD); the launcher hands it on absolute.
 */
export function findHome(env: NodeJS.ProcessEnv = process.env, project: string = process.cwd()): string {
  const home = env["ARCHLOOM_HOME"];
  if (home === undefined || home === "") return join(project, ".archloom", "home");
  return resolve(env["INIT_CWD"] ?? process.cwd(), home);
}
