/** Reports over plain HTTP: `GET /api/reports/R7?format=html` (also markdown, json), as a file to be saved. */
import { reportFormats, runIdSchema } from "../contract";
import { toDisposition } from "../file/file-name";
import { ServiceError } from "../service-error";
import { type Context, createContext } from "../trpc/context";
import { toErrorResponse } from "../trpc/error-response";
import { type Place, readPlace, refuseRequest, toRefusalResponse } from "../trpc/guard";
import { exportReport } from "./export";

/** Answers one HTTP request, under the same protection as the procedures. */
export async function handleReportRequest(
  request: Request,
  context: () => Context = createContext,
  place: Place = readPlace(),
): Promise<Response> {
  const refusal = refuseRequest(request, place);
  if (refusal !== null) return toRefusalResponse(refusal);
  try {
    const url = new URL(request.url);
    const run = /^\/api\/reports\/([^/]+)$/.exec(url.pathname)?.[1] ?? "";
    if (!runIdSchema.safeParse(run).success) throw new ServiceError("not_found", "There is no such report: an address looks like /api/reports/R7.");
    const asked = url.searchParams.get("format") ?? "html";
    const format = reportFormats.find((one) => one === asked);
    if (format === undefined) throw new ServiceError("invalid", `format: it must be one of ${reportFormats.join(", ")}, not ${JSON.stringify(asked)}.`, "format");
    const { name, type, text } = await exportReport(context().db, run, format);
    return new Response(text, {
      headers: {
        "content-type": type,
        "content-disposition": toDisposition(name),
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
      },
    });
  } catch (error) {
    return toErrorResponse(error, "reports");
  }
}
