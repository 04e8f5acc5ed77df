export const MAX_OBJECT_BYTES = 5 * 1024 ** 4
