/**
 * Keeps other web pages away from an instance that has no login.
 *
 * Guaranteed: only a browser page of this instance, or a program that is no browser, gets an answer. A page elsewhere
 * cannot reach it through its own name pointed at 127.0.0.1 (Host is checked), nor by cross-origin requests of any kind
 * (Origin and Sec-Fetch-Site are checked on every call, reads and event streams included), nor by a form (only bodies
 * of a type that no form can send are taken).
 * Not guaranteed: anything against another program or person of the same machine.
 */
export interface Refusal {
  status: 403 | 413 | 415;
  code: "FORBIDDEN" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE";
  message: string;
}

export interface Place {
  /** Port this process listens on. */
  port: string | undefined;
  /** More hosts (with port, unless it is the scheme's own) under which this instance may be reached. */
  allowedHosts: readonly string[];
}

export const maxBodyBytes = 1_048_576;

/** Where this process is, from its environment. */
export function readPlace(env: NodeJS.ProcessEnv = process.env): Place {
  const allowed = env["ARCHLOOM_ALLOWED_HOSTS"] ?? "";
  return { port: env["PORT"], allowedHosts: allowed.split(",").map(toHost).filter((host) => host !== "") };
}

const toHost = (text: string) => text.trim().toLowerCase();

/** Refuses a request that came under a name which is not this instance's; null = it may pass. */
export function refuseHost(headers: Headers, place: Place): Refusal | null {
  const host = toHost(headers.get("host") ?? "");
  if (isOurs(host, place)) return null;
  const advice = "name it in ARCHLOOM_ALLOWED_HOSTS if it should be";
  return forbid(`${host === "" ? "A request without a host" : `The host ${host}`} is not this instance's: ${advice}.`);
}

/** Refuses a request that another page caused, or whose body is not of the wanted type; null = it may pass. */
export function refuseRequest(request: Request, place: Place, type: BodyType = "application/json"): Refusal | null {
  return refuseHost(request.headers, place) ?? refuseOrigin(request.headers, place) ?? refuseBody(request, type);
}

/** Types that no form can send. */
type BodyType = "application/json" | "application/octet-stream";

/** Browsers send Sec-Fetch-Site with every request and Origin with every one that crosses origins or writes. */
function refuseOrigin(headers: Headers, place: Place): Refusal | null {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return forbid("Another site's page asked for this.");
  const origin = headers.get("origin");
  if (origin === null || isOurs(toHost(origin.replace(/^https?:\/\//, "")), place)) return null;
  return forbid(`The origin ${origin} is not this instance's.`);
}

function refuseBody(request: Request, wanted: BodyType): Refusal | null {
  if (request.method === "GET" || request.method === "HEAD") return null;
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === wanted) return null;
  const what = wanted === "application/json" ? "JSON" : "the file itself";
  return { status: 415, code: "UNSUPPORTED_MEDIA_TYPE", message: `Send ${what}, as ${wanted}.` };
}

const tooLarge: Refusal = {
  status: 413,
  code: "PAYLOAD_TOO_LARGE",
  message: `A request takes at most ${maxBodyBytes} bytes.`,
};

const forbid = (message: string): Refusal => ({ status: 403, code: "FORBIDDEN", message });

function isOurs(host: string, { port, allowedHosts }: Place): boolean {
  if (allowedHosts.includes(host)) return true;
  return port !== undefined && ["127.0.0.1", "localhost", "[::1]"].some((name) => host === `${name}:${port}`);
}

/**
 * The request with its body read, or a refusal when that is too long. What is too much is read to its end but not kept:
 * a sender that is cut off in the middle never sees the answer, and neither does the next request of its connection.
 */
export async function readBody(request: Request): Promise<Request | Refusal> {
  if (request.body === null) return request;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) return tooLarge;
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: Buffer.concat(chunks),
    signal: request.signal,
  });
}

/** In the shape of a tRPC error, so that its client shows the sentence. */
export function toRefusalResponse({ status, code, message }: Refusal): Response {
  const rpcCode = -32_000 - (status - 400);
  return Response.json({ error: { message, code: rpcCode, data: { code, httpStatus: status, field: null } } }, { status });
}
