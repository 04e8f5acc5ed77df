import { z } from "zod"

/** Text that PostgreSQL can store: without NUL and without half a surrogate pair. */
export const PlainText = z
  .string()
  .transform((text) => text.toWellFormed().replaceAll("\0", "").trim())
