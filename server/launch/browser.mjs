import { spawn } from "node:child_process";

/**
 * Shows the page in the person's browser when there is a display to show it on. Failing to is no error: the URL is printed.
 * @param {string} url
 * @param {NodeJS.ProcessEnv} [env]
 */
export function openBrowser(url, env = process.env) {
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return;
  const child = spawn("xdg-open", [url], { detached: true, stdio: "ignore" });
  child.on("error", () => undefined);
  child.unref();
}
