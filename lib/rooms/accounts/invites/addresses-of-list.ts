const IN_BRACKETS = /<([^<>]*)>/g

/** Returns the address in `Name <name@example.org>`, or the text itself. */
export const addressOf = (text: string): string =>
  [...text.matchAll(IN_BRACKETS)].at(-1)?.[1]?.trim() ?? text

/**
 * Splits a pasted list into addresses: one per line, or separated by commas, semicolons or spaces.
 * Also accepts `Name <name@example.org>` and `Surname, Name <name@example.org>`, quoted or not.
 * Text that is not an address stays in the list, so that the preview can report it.
 */
export const addressesOfList = (text: string): string[] => [
  ...new Set(
    text
      .replace(/"(?:[^"\\\n]|\\.)*"(?=\s*<)/g, "")
      .split(/[\n;]+/)
      .flatMap(addressesOfLine)
      .map((text) => (text.includes("@") ? text.toLowerCase() : text)),
  ),
]

const NAMED = /(?:"((?:[^"\\\n]|\\.)*)"|([^<>"\n;]*))\s*<([^<>]*)>/g

/** Returns the names in a pasted list by address. `Lovelace, Ada` becomes "Ada Lovelace" too. */
export function namesOfList(text: string): Map<string, string> {
  const named = [...text.matchAll(NAMED)].map(([, quoted, plain = "", address = ""]) => {
    const parts = (quoted?.replace(/\\(.)/g, "$1") ?? plain).split(",").map((part) => part.trim())
    // Text before an address without brackets is not part of the name.
    const own = parts.slice(parts.findLastIndex((part) => part.includes("@")) + 1).filter(Boolean)
    const name = own.length === 2 ? `${own[1]} ${own[0]}` : own.join(", ")
    return [address.trim().toLowerCase(), name] as const
  })
  return new Map(named.filter(([, name]) => name !== ""))
}

/** Returns the addresses of a pasted list, each with its name where it has one. */
export function peopleOfList(text: string): string[] {
  const names = namesOfList(text)
  return addressesOfList(text).map((address) => {
    const name = names.get(address)
    return name === undefined ? address : `${name} <${address}>`
  })
}

/** A part without an @ that precedes an address in brackets belongs to the name. */
function addressesOfLine(line: string): string[] {
  const addresses: string[] = []
  let names: string[] = []
  for (const part of line.split(",")) {
    const bracketed = [...part.matchAll(IN_BRACKETS)].map(([, address = ""]) => address.trim())
    const isName = bracketed.length === 0 && !part.includes("@")
    if (isName) names.push(...addressesOfPart(part))
    else {
      addresses.push(
        ...(bracketed.length > 0
          ? bracketed.filter(Boolean)
          : [...names, ...addressesOfPart(part)]),
      )
      names = []
    }
  }
  return [...addresses, ...names]
}

function addressesOfPart(part: string): string[] {
  const words = part.split(/\s+/).filter(Boolean)
  const isList = words.length > 1 && words.every((word) => word.includes("@"))
  return isList ? words : words.length > 0 ? [words.join(" ")] : []
}
