import { fetchRequestHandler } from "@trpc/server/adapters/fetch";

import { type Context, createContext } from "./context";
import { type Place, readBody, readPlace, refuseRequest, toRefusalResponse } from "./guard";
import { appRouter } from "./router";

const endpoint = "/api/trpc";

/** A page asks for a handful at once; more in one request is somebody trying. */
const maxBatchSize = 20;

/** Answers one HTTP request to the procedures. */
export async function handleRequest(
  request: Request,
  context: () => Context = createContext,
  place: Place = readPlace(),
): Promise<Response> {
  const read = await readBody(request);
  const refusal = refuseRequest(request, place);
  if (refusal !== null) return toRefusalResponse(refusal);
  if (!(read instanceof Request)) return toRefusalResponse(read);
  return fetchRequestHandler({ endpoint, req: read, router: appRouter, createContext: context, maxBatchSize });
}
