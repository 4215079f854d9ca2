/** Adapters over plain HTTP: `GET /api/adapters/R3/2` is the one trained after cycle 2, as a .tar.gz of its PEFT folder. */
import { runIdSchema } from "../contract";
import { toDisposition } from "../file/file-name";
import { ServiceError } from "../service-error";
import { type Context, createContext } from "../trpc/context";
import { toErrorResponse } from "../trpc/error-response";
import { type Place, readPlace, refuseRequest, toRefusalResponse } from "../trpc/guard";
import { archiveAdapter } from "./archive";
import { getAdapter } from "./find";

const maxCycle = 1_000_000;

/** Answers one HTTP request, under the same protection as the procedures. */
export async function handleAdapterRequest(
  request: Request,
  context: () => Context = createContext,
  place: Place = readPlace(),
): Promise<Response> {
  const refusal = refuseRequest(request, place);
  if (refusal !== null) return toRefusalResponse(refusal);
  try {
    const [, run = "", number = ""] = /^\/api\/adapters\/([^/]+)\/(\d{1,7})$/.exec(new URL(request.url).pathname) ?? [];
    const cycle = Number(number);
    if (!runIdSchema.safeParse(run).success || number === "" || cycle > maxCycle) {
      throw new ServiceError("not_found", "There is no such adapter: an address looks like /api/adapters/R3/2.");
    }
    const { db } = context();
    const adapter = await getAdapter(db, run, cycle);
    return new Response(archiveAdapter(db, adapter), {
      headers: {
        "content-type": "application/gzip",
        "content-disposition": toDisposition(`${adapter.name}.tar.gz`),
        "cache-control": "private, no-store, no-transform",
        "x-content-type-options": "nosniff",
      },
    });
  } catch (error) {
    return toErrorResponse(error, "adapters");
  }
}
