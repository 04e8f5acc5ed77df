import "server-only"
import { ACTIVE, EXTENSIONS, SOURCE_TYPE, STATED_TYPES } from "#lib/rooms/files/preview-kind.ts"

const list = (words: string[]) => `'{${words.join(",")}}'::text[]`

/** Whether a row with a file's columns has a preview: previewOf in SQL. */
export const canBeShown = (file: string) => `(
  lower(substring(${file}.name FROM '[^.]*$')) = ANY(${list(EXTENSIONS)})
  OR ${typeOf(file)} = ANY(${list(STATED_TYPES)})
  OR ${typeOf(file)} ~ '${ACTIVE.source}|${SOURCE_TYPE.source}')`

const typeOf = (file: string) => `lower(trim(split_part(${file}.content_type, ';', 1)))`
