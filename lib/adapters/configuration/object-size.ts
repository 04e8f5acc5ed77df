/** The largest object that S3 accepts. */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 4
