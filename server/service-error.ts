/**
 * What a verb may throw on purpose. The message is one sentence for a person; `field` names the part of the input that is
 * wrong (`generation.temperature`). Everything else that is thrown is a fault of ours and is shown only as an error id.
 */
export type ServiceErrorCode = "invalid" | "not_found" | "conflict";

export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly code: ServiceErrorCode;
  readonly field: string | undefined;

  constructor(code: ServiceErrorCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
