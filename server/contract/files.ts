/** Of one file that is sent. The worker reads no larger one either. */
export const maxFileBytes = 2 ** 30;

export const fileTooLarge = "A file may have at most 1 GiB. Pack it as .zip or .tar.gz, or send it in several files.";
