/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * A reproducible stream of uniform numbers with 32 bits each: sfc32 (C. Doty-Humphrey's Small Fast Counting generator,
 * passes PractRand), the seed mixed in over 16 steps. Not for secrets.
 */
export function seededRandom(seed: number): Random {
  let a = 0;
  let b = Math.trunc(seed / 2 ** 32) | 0;
  let c = seed | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let step = 0; step < 16; step += 1) next();
  return next;
}
