export function parsePosition(_id: string | null | undefined, _run: number): number | null { return null; }
