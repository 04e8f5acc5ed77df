import "server-only"
import { z } from "zod"

/**
 * Where a list of a share's files goes on: after the file of an id, or with a folder's own files
 * ("/trip/day 1").
 */
export const FilesPlace = z.string().max(2_000)
