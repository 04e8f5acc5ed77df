/** What S3 takes as one object. */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 4
