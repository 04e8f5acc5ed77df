import { Refusal } from "#lib/errors.ts"
import type { Settings } from "#lib/settings/setting.ts"
import { formatBytes } from "#lib/text/format-bytes.ts"
import { nameAsRun } from "./file-name.ts"

type FileOfType = { name: string; contentType: string }

/** Refuses (too_large) a file that is larger than a setting allows. */
export function refuseTooLarge(
  { maxFileBytes }: Pick<Settings, "maxFileBytes">,
  { name, size }: { name: string; size: number },
): void {
  if (size <= maxFileBytes) return
  const over = formatBytes(size - maxFileBytes)
  throw new Refusal(
    "too_large",
    `“${name}” is ${over} over the maximum file size (${formatBytes(maxFileBytes)}).`,
    { field: "size" },
  )
}

/** Refuses (not_allowed) a file whose type a setting forbids. */
export function refuseType(
  { allowedTypes, blockedTypes }: Pick<Settings, "allowedTypes" | "blockedTypes">,
  file: FileOfType,
): void {
  const isOf = (type: string) => isOfType(file, type)
  if (blockedTypes.some(isOf)) {
    throw new Refusal("not_allowed", `“${file.name}” is a file type that isn’t allowed.`, {
      field: "name",
    })
  }
  if (allowedTypes === null || allowedTypes.some(isOf)) return
  throw new Refusal(
    "not_allowed",
    `“${file.name}” is a file type that isn’t allowed. Allowed types: ${listed(allowedTypes)}.`,
    { field: "name" },
  )
}

const SHOWN = 12

const listed = (types: string[]) =>
  types.length > SHOWN ? `${types.slice(0, SHOWN).join(", ")} and others` : types.join(", ")

/** Whether a file is of a type such as "pdf", "tar.gz" or "image/*". */
export function isOfType({ name, contentType }: FileOfType, type: string): boolean {
  if (!type.includes("/")) return nameAsRun(name).endsWith(`.${type}`)
  const [is = ""] = contentType.toLowerCase().split(";")
  const range = type.endsWith("/*") ? type.slice(0, -1) : null
  return range === null ? is.trim() === type : is.startsWith(range)
}
