import "server-only"
import { z } from "zod"
import { PlainText, plainLine } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"

export const NOTE_LENGTH = 500

/** A visitor's message to the owner: one line, which may be empty. */
export const Note = z
  .string()
  .transform((text) => text.replaceAll("\r\n", "\n")) // forms send a line break as two characters
  .pipe(PlainText)
  .pipe(z.string().max(NOTE_LENGTH, sentence("input_most", { count: NOTE_LENGTH })))
  .transform(plainLine)
