const MiB = 2 ** 20;

/** Of one row: PostgreSQL takes a value as a whole, so this is what a file costs in memory on either side. */
export const partBytes = 8 * MiB;

/** An upload that has not ended by then never will. */
export const leftoverHours = 24;

/** Everything of a stored file is elsewhere too: entries in a corpus, networks in a run. */
export const keptDays = 7;
