/** Returns a recipient as the parser of recipients reads it. */
export function typedAs({ name, address }: { name: string; address: string }): string {
  if (address === "") return name
  if (name === "") return address
  return `"${name.replace(/[\\"]/g, "\\$&")}" <${address}>`
}
