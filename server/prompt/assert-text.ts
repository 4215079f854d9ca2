import { findUnknownPromptFields, type PromptKind, promptFields } from "../contract";
import { ServiceError } from "../service-error";

/** Throws `invalid`, naming the part, for a field that nothing fills (with its place) or a part that is missing. */
export function assertPromptText({ kind, system, text }: { kind: PromptKind; system: string; text: string }): void {
  if (text.trim() === "") throw new ServiceError("invalid", "text: it is empty, so the model would be asked for nothing.", "text");
  if (kind === "plain" && system !== "") {
    throw new ServiceError("invalid", "system: a plain template is continued as it is and has no system message.", "system");
  }
  for (const [part, content] of [["system", system], ["text", text]] as const) {
    const [unknown] = findUnknownPromptFields(content);
    if (unknown === undefined) continue;
    const known = Object.keys(promptFields).join(", ");
    const place = `in line ${unknown.line}, column ${unknown.column}`;
    throw new ServiceError("invalid", `${part}: {{${unknown.field}}} ${place} is no field; there are ${known}.`, part);
  }
}
