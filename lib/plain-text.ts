import { z } from "zod"

/** Text a database can keep: no NUL (PostgreSQL refuses it), no half of a surrogate pair. */
export const PlainText = z
  .string()
  .transform((text) => text.toWellFormed().replaceAll("\0", "").trim())
