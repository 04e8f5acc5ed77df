import type { Checksum } from "../body/checksums.ts"
import type { Upload } from "../disk/store.ts"
import { OWNER_ID } from "../requests/request-context.ts"
import type { Element } from "../requests/xml.ts"

const OWNER_FIELDS: Element[] = [
  ["ID", OWNER_ID],
  ["DisplayName", OWNER_ID],
]

/** The owner in every answer. This store has only one. */
export const OWNER: Element = ["Owner", OWNER_FIELDS]
export const INITIATOR: Element = ["Initiator", OWNER_FIELDS]

export function checksumElements(checksum: Checksum | undefined): Element[] {
  return checksum ? [[`Checksum${checksum.algorithm}`, checksum.value]] : []
}

export function checksumSettingElements({ checksumAlgorithm, checksumType }: Upload): Element[] {
  if (!checksumAlgorithm || !checksumType) return []
  return [
    ["ChecksumAlgorithm", checksumAlgorithm],
    ["ChecksumType", checksumType],
  ]
}

/** The element of a value, or none without one. */
export function optional(name: string, value: string | undefined): Element[] {
  return value === undefined ? [] : [[name, value]]
}

export function commonPrefixElements(prefixes: string[], encode: (key: string) => string) {
  return prefixes.map((prefix): Element => ["CommonPrefixes", [["Prefix", encode(prefix)]]])
}
