import { MAX_NAME_BYTES, shortenedName } from "#lib/rooms/files/file-name.ts"

/** The number of bytes reserved for the number that distinguishes equal names. */
const NUMBER_BYTES = 12

/** Returns a name that every file system accepts and that leads to no other directory. */
function safeName(name: string): string {
  const text = name
    .toWellFormed()
    .replace(/[/\\<>:"|?*\p{Cc}]/gu, "_")
    .replace(/[. ]+$/, "_")
  return shortenedName(text, MAX_NAME_BYTES - NUMBER_BYTES) || "_"
}

type Named = { ownerEmail: string; path: string; name: string }

/**
 * Returns a function that makes a unique path for each file: the owner's address, the folders, and
 * the name. Paths are unique even on file systems that ignore case.
 */
export function exportedPaths(): (file: Named) => string {
  const taken = new Set<string>()
  return ({ ownerEmail, path, name }) => {
    const folders = [ownerEmail, ...path.split("/").filter(Boolean)].map(safeName)
    const safe = safeName(name)
    const [extension = ""] = /\.[^.]+$/.exec(safe) ?? []
    const stem = safe.slice(0, safe.length - extension.length)
    for (let number = 1; ; number++) {
      const unique = number === 1 ? safe : `${stem} (${number})${extension}`
      const full = [...folders, unique].join("/")
      const key = full.normalize("NFC").toLowerCase()
      if (taken.has(key)) continue
      taken.add(key)
      return full
    }
  }
}
