import "server-only"
import { PlainText, plainLine } from "#lib/adapters/text/plain-text.ts"
import { MemberName } from "#lib/rooms/accounts/member.ts"
import { FileName, MAX_FOLDER_BYTES } from "#lib/rooms/files/file.ts"
import { shortenedName } from "#lib/rooms/files/file-name.ts"
import { MAX_TITLE } from "#lib/rooms/shares/share.ts"

const MAX_MESSAGE = 4_000

/** Converts the name of a file or folder to a form that Lapse accepts. */
export function importedName(given: string): string {
  const text = given.replaceAll("/", "_")
  const name = FileName.safeParse(text).data ?? FileName.safeParse(shortenedName(text)).data
  return name ?? "unnamed"
}

/** Returns the path of folders, without those that would make it too long. */
export function importedPath(folders: string[]): string {
  let path = ""
  for (const name of folders.map(importedName)) {
    const longer = path ? `${path}/${name}` : name
    if (Buffer.byteLength(longer) > MAX_FOLDER_BYTES) break
    path = longer
  }
  return path
}

/** Returns a member's name, or the part of the address before the "@". */
export function importedMemberName(name: string, email: string): string {
  const line = (text: string) => MemberName.safeParse(plainLine(text).slice(0, 80).trim()).data
  return line(name) ?? line(email.split("@")[0] ?? "") ?? "?"
}

const plain = (text: string, most: number) => PlainText.parse(text).slice(0, most).toWellFormed()

export const importedTitle = (title: string) => plain(title, MAX_TITLE)
export const importedMessage = (message: string) => plain(message, MAX_MESSAGE)
