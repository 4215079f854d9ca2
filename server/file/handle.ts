/** Files over plain HTTP, because they do not fit into a call: `POST /api/files?name=` and `GET /api/files/F5`. */
import { fileIdSchema } from "../contract";
import { maxFileBytes } from "../contract/files";
import { ServiceError } from "../service-error";
import { type Context, createContext } from "../trpc/context";
import { toErrorResponse } from "../trpc/error-response";
import { type Place, readPlace, refuseRequest, toRefusalResponse } from "../trpc/guard";
import { toDisposition, toMediaType } from "./file-name";
import { getFile, streamFile } from "./read";
import { FileTooLarge, storeFile } from "./store";

/** So that no form of another page can send it. */
const uploadType = "application/octet-stream";

/** Answers one HTTP request for files, under the same protection as the procedures. */
export async function handleFileRequest(
  request: Request,
  context: () => Context = createContext,
  place: Place = readPlace(),
): Promise<Response> {
  const refusal = refuseRequest(request, place, uploadType);
  if (refusal !== null) return toRefusalResponse(refusal);
  const url = new URL(request.url);
  try {
    const id = /^\/api\/files\/([^/]+)$/.exec(url.pathname)?.[1];
    if (id !== undefined && (request.method === "GET" || request.method === "HEAD")) return await download(request, id, context());
    if (id === undefined && request.method === "POST") return await upload(request, url.searchParams.get("name") ?? "", context());
    return new Response(null, { status: 405 });
  } catch (error) {
    if (error instanceof FileTooLarge) return toRefusalResponse({ status: 413, code: "PAYLOAD_TOO_LARGE", message: error.message });
    return toErrorResponse(error, "files");
  }
}

async function upload(request: Request, name: string, { db }: Context): Promise<Response> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > maxFileBytes) throw new FileTooLarge();
  if (request.body === null) throw new ServiceError("invalid", "The file is empty.");
  const file = await storeFile(db, name, request.body as unknown as AsyncIterable<Uint8Array>);
  return Response.json(file);
}

async function download(request: Request, id: string, { db }: Context): Promise<Response> {
  if (!fileIdSchema.safeParse(id).success) throw new ServiceError("not_found", "There is no such file: an id looks like F5.", "id");
  const file = await getFile(db, id);
  return new Response(request.method === "HEAD" ? null : streamFile(db, file), { headers: toDownloadHeaders(file.name) });
}

/** Headers of a file to be saved, not shown. Next.js sends every body in chunks and without its length. */
function toDownloadHeaders(name: string): Record<string, string> {
  return {
    "content-type": toMediaType(name),
    "content-disposition": toDisposition(name),
    "cache-control": "private, no-store, no-transform",
    "x-content-type-options": "nosniff",
  };
}
