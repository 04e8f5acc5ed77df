import "server-only"
import { z } from "zod"

/** The longest lifetime of any URL, in seconds. */
export const LONGEST_LIFETIME_SECONDS = 300

/** In SQL: the kinds of events that record that URLs were handed out. */
export const URL_EVENTS = "('claim', 'mint', 'preview', 'thumbnail')"

const CUT_OFF_HOWS = ["nothing_out", "recoloured", "rekeyed", "lapsed"] as const
/**
 * How URLs were ended, from the fastest way to the slowest: none was still valid; another key signs
 * the objects; the objects were copied to other keys; they expired.
 */
export type CutOffHow = (typeof CUT_OFF_HOWS)[number]

/** A cut off as the API shows it. Times are ISO 8601 UTC. */
export const CutOffView = z.strictObject({
  state: z.enum(["running", "done", "failed"]),
  /** The slowest way that was needed; null while it runs. */
  how: z.enum(CUT_OFF_HOWS).nullable(),
  requestedAt: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
  /** The number of objects that got another colour or key. */
  objects: z.int(),
  /**
   * The answers to a URL that the cut off signed for itself, before and after; null if there was
   * none.
   */
  probe: z
    .strictObject({ before: z.int().nullable(), status: z.int(), at: z.iso.datetime() })
    .nullable(),
})
export type CutOffView = z.infer<typeof CutOffView>
