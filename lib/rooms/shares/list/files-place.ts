import "server-only"
import { z } from "zod"

/**
 * The place where a list of a share's files continues: after the file of an id, or with a folder's
 * own files ("/trip/day 1").
 */
export const FilesPlace = z.string().max(2_000)
