import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { nameAsRun } from "./file-name.ts"

type FileOfType = { name: string; contentType: string }

/** Refuses (too_large) a file that is larger than a setting allows. */
export function refuseTooLarge(
  { maxFileBytes }: Pick<Settings, "maxFileBytes">,
  { name, size }: { name: string; size: number },
): void {
  if (size <= maxFileBytes) return
  const values = { name, over: { bytes: size - maxFileBytes }, most: { bytes: maxFileBytes } }
  throw refusal("too_large", "file_too_large", values, { field: "size" })
}

/** Refuses (not_allowed) a file that is of none of the types. An empty list allows all. */
export function refuseType(types: readonly string[], file: FileOfType): void {
  if (types.length === 0 || types.some((type) => isOfType(file, type))) return
  const values = { types: { types: types.slice(0, SHOWN) } }
  const key = types.length > SHOWN ? "type_not_among" : "type_not_one"
  throw refusal("not_allowed", key, values, { field: "name" })
}

const SHOWN = 12

/** Whether a file is of a type such as "pdf", "tar.gz" or "image/*". */
export function isOfType({ name, contentType }: FileOfType, type: string): boolean {
  if (!type.includes("/")) return nameAsRun(name).endsWith(`.${type}`)
  const [is = ""] = contentType.toLowerCase().split(";")
  const range = type.endsWith("/*") ? type.slice(0, -1) : null
  return range === null ? is.trim() === type : is.startsWith(range)
}
