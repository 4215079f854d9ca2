/** The part of POSIX tar (ustar) that a folder of files needs. */
const blockBytes = 512;

/** A number as ustar writes it: octal digits and a NUL. */
const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;

/** The most that eleven octal digits can say: 8 GiB. */
const maxFileBytes = 8 ** 11 - 1;

/** Header of a plain file. Throws for a name or a size that ustar cannot say. */
export function tarHeader(path: string, bytes: number, modified: Date): Buffer {
  if (Buffer.byteLength(path) > 100 || bytes > maxFileBytes) throw new Error(`${path} with ${bytes} bytes does not fit into a tar archive`);
  const header = Buffer.alloc(blockBytes);
  header.write(path, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(bytes, 12), 124);
  header.write(octal(Math.floor(modified.getTime() / 1_000), 12), 136);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar", 257);
  header.write("00", 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** What follows a file of this size up to the next block. */
export const tarPadding = (bytes: number): Buffer => Buffer.alloc((blockBytes - (bytes % blockBytes)) % blockBytes);

/** What ends an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * blockBytes);

export interface TarEntry {
  path: string;
  bytes: number;
  /** To be read to its end before the next entry is asked for. */
  content: AsyncIterable<Buffer>;
}

/** Plain files of an archive as `tarHeader` writes them, in order. Throws for a damaged one, and for anything but a plain file. */
export async function* readTar(stream: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const take = takeFrom(stream);
  for (;;) {
    const header = Buffer.concat(await collect(take(blockBytes)));
    if (header.every((byte) => byte === 0)) return;
    const path = header.toString("utf8", 0, 100).replace(/\0.*$/s, "");
    const bytes = Number.parseInt(header.toString("latin1", 124, 136), 8);
    if (!tarHeader(path, bytes, new Date(Number.parseInt(header.toString("latin1", 136, 148), 8) * 1_000)).equals(header)) {
      throw new Error("the archive is damaged");
    }
    yield { path, bytes, content: take(bytes) };
    await collect(take(tarPadding(bytes).length));
  }
}

/** Gives exactly so many of the next bytes. Throws when there are fewer. */
function takeFrom(stream: AsyncIterable<Buffer>): (bytes: number) => AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async function* take(bytes) {
    for (let left = bytes; left > 0; ) {
      if (rest.length === 0) {
        const { value, done } = await chunks.next();
        if (done === true) throw new Error("the archive ends in the middle");
        rest = value;
      }
      const part = rest.subarray(0, left);
      rest = rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  };
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}
