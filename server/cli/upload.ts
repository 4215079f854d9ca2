import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";

import type { StoredFileView } from "../trpc/types";
import { findUrl } from "./api";
import type { CommandIo } from "./io";
import { CommandProblem } from "./problem";

interface Upload {
  name: string;
  /** Null when it is not known before it is sent. */
  bytes: number | null;
  content: Readable;
}

/** Sends a file to the instance. Not by fetch, which gives up when an answer takes five minutes to begin. */
export async function uploadFile(io: CommandIo, { name, bytes, content }: Upload): Promise<StoredFileView> {
  const base = findUrl(io.env);
  const url = new URL(`/api/files?name=${encodeURIComponent(name)}`, base);
  try {
    return await send(url, bytes, content, io.signal);
  } catch (error) {
    if (io.signal.aborted) throw new CommandProblem("Interrupted: nothing of it is kept.", { cause: error });
    if (error instanceof CommandProblem) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ECONNREFUSED") throw new CommandProblem(`Nothing answers as Archloom at ${base}: start it with npm start.`, { cause: error });
    throw new CommandProblem(`${name} could not be sent, and nothing of it is kept: ${message}.`, { cause: error });
  } finally {
    content.destroy();
  }
}

function send(url: URL, bytes: number | null, content: Readable, signal: AbortSignal): Promise<StoredFileView> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/octet-stream", ...(bytes !== null && { "content-length": bytes }) };
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, { method: "POST", headers, signal });
    // A refusal comes before the whole file is sent; then the connection ends, which is no error of its own.
    let answered = false;
    request.on("response", (response) => {
      answered = true;
      readAnswer(response).then(resolve, reject).finally(() => request.destroy());
    });
    request.on("error", (error) => answered || reject(error));
    content.on("error", (error) => {
      request.destroy();
      reject(error);
    });
    content.pipe(request);
  });
}

async function readAnswer(response: IncomingMessage): Promise<StoredFileView> {
  let text = "";
  for await (const part of response.setEncoding("utf8")) text += String(part);
  const answer = parse(text);
  if (response.statusCode === 200 && answer !== null && "id" in answer) return answer;
  const said = answer !== null && "error" in answer ? answer.error.message : `an answer ${response.statusCode} that is not Archloom's`;
  throw new CommandProblem(said);
}

function parse(text: string): StoredFileView | { error: { message: string } } | null {
  try {
    return JSON.parse(text) as StoredFileView | { error: { message: string } };
  } catch {
    return null;
  }
}
