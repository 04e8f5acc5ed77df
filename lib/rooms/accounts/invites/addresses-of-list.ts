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
      .map((address) => address.toLowerCase()),
  ),
]

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
