"use client";

import { useEffect, useRef, useState } from "react";

import { fileTooLarge, maxFileBytes } from "../../server/contract/files";
import type { StoredFileView } from "../../server/file/views";

type Upload =
  | { state: "idle" }
  /** `sent` of `total` bytes; all of them once it waits for the answer. */
  | { state: "sending"; name: string; sent: number; total: number }
  | { state: "failed"; message: string };

/** Sends one file at a time, with its progress, which fetch does not tell. Leaving the page breaks it off. */
export function useUpload() {
  const [upload, setUpload] = useState<Upload>({ state: "idle" });
  const request = useRef<XMLHttpRequest | null>(null);
  useEffect(() => () => request.current?.abort(), []);

  /** The stored file, or null when it failed or was cancelled. */
  const send = async (file: File): Promise<StoredFileView | null> => {
    if (file.size > maxFileBytes) {
      setUpload({ state: "failed", message: fileTooLarge });
      return null;
    }
    const own = new XMLHttpRequest();
    request.current = own;
    const show = (sent: number) => setUpload({ state: "sending", name: file.name, sent, total: file.size });
    show(0);
    own.upload.addEventListener("progress", (event) => show(Math.min(event.loaded, file.size)));
    const answer = await post(own, file);
    if (typeof answer !== "string") {
      setUpload({ state: "idle" });
      return answer;
    }
    setUpload(answer === "" ? { state: "idle" } : { state: "failed", message: answer });
    return null;
  };

  return { upload, send, cancel: () => request.current?.abort(), reset: () => setUpload({ state: "idle" }) };
}

/** The stored file, or a sentence; an empty one for a request that was cancelled. */
function post(request: XMLHttpRequest, file: File): Promise<StoredFileView | string> {
  return new Promise((resolve) => {
    request.addEventListener("load", () => resolve(readAnswer(request)));
    request.addEventListener("abort", () => resolve(""));
    request.addEventListener("error", () => resolve("The upload broke off, and nothing of it is kept. Is Archloom still running? Then try again."));
    request.open("POST", `/api/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.send(file);
  });
}

function readAnswer({ status, response }: XMLHttpRequest): StoredFileView | string {
  const answer = response as StoredFileView | { error: { message: string } } | null;
  if (status === 200 && answer !== null && "id" in answer) return answer;
  return answer !== null && "error" in answer ? answer.error.message : `The server answered ${status} to the upload.`;
}
