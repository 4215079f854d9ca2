import { downloadText } from "../ui/download-text";

/** Hands data to the person as a file. */
export const downloadJson = (name: string, data: unknown): void => downloadText(name, `${JSON.stringify(data, null, 2)}\n`, "application/json");
