/**
 * The addresses in a pasted list: one per line, or separated by commas, semicolons or spaces, also
 * as `Name <name@example.org>`. What is no address stays, so that the preview can say so.
 */
export const addressesOfList = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,;]+/)
      .flatMap(addressesOfEntry)
      .map((address) => address.toLowerCase()),
  ),
]

function addressesOfEntry(entry: string): string[] {
  const inBrackets = [...entry.matchAll(/<([^<>]*)>/g)].map(([, address = ""]) => address.trim())
  if (inBrackets.length > 0) return inBrackets.filter(Boolean)
  const words = entry.split(/\s+/).filter(Boolean)
  const isList = words.length > 1 && words.every((word) => word.includes("@"))
  return isList ? words : words.length > 0 ? [words.join(" ")] : []
}
