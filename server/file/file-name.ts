const maxLength = 200;

/** A name as its sender gives it, as text without folders that can be stored, shown and put into a header. */
export function toFileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? "";
  const name = last.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "").trim();
  if (/^\.*$/.test(name)) return "file";
  if (name.length <= maxLength) return name;
  // The ending says what kind of file it is.
  const ending = /(\.[A-Za-z0-9]{1,8}){1,2}$/.exec(name)?.[0] ?? "";
  return name.slice(0, maxLength - ending.length).replace(/\p{Cs}/u, "") + ending;
}

/** A Content-Disposition that saves under this name: in ASCII for all, and exactly (RFC 6266) for who can read it. */
export function toDisposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%;]/g, "_");
  const exact = encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

const types: Record<string, string> = {
  ".zip": "application/zip",
  ".gz": "application/gzip",
  ".tgz": "application/gzip",
  ".tar": "application/x-tar",
  ".json": "application/json",
  ".jsonl": "application/jsonl",
};

export const toMediaType = (name: string): string => types[/\.[a-z]+$/.exec(name.toLowerCase())?.[0] ?? ""] ?? "application/octet-stream";
