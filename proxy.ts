import { readPlace, refuseHost } from "./server/trpc/guard";

/**
 * Runs before every page: one that is asked for under another name gets no answer (see the guard). Not before files, whose
 * handler asks the guard itself: for a proxy Next.js reads the body into memory and cuts it off after 10 MB.
 */
export function proxy(request: Request): Response | undefined {
  const refusal = refuseHost(request.headers, readPlace());
  return refusal === null ? undefined : new Response(refusal.message, { status: refusal.status });
}

export const config = { matcher: "/((?!_next/static|_next/image|api/files(?:/|$)).*)" };
