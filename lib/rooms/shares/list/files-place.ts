import "server-only"
import { z } from "zod"

/** Where a list of files continues: after a file's id, or in a folder ("/trip/day 1"). */
export const FilesPlace = z.string().max(2_000)
