import "server-only"
import { z } from "zod"

/**
 * The position where a list of a share's files continues: after the file with an id, or at a
 * folder's own files ("/trip/day 1").
 */
export const FilesPlace = z.string().max(2_000)
