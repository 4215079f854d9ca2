import type { Option } from "./command";

export const jsonOption = { json: { type: "boolean", description: "print JSON" } } as const satisfies Record<string, Option>;
