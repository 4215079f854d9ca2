import { toast } from "sonner";

/** Copies text and says so; says why when the browser refuses (plain http on another host). */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast.success(`${what} copied: ${text}`);
  } catch {
    toast.error(`The browser did not allow copying. ${what}: ${text}`);
  }
}
