import type { Finding } from "#lib/rooms/audit/chain/chain-finding.ts"

/** Returns a sentence for the log about a finding in the audit log. */
export function findingInWords(finding: Finding): string {
  switch (finding.kind) {
    case "altered":
      return `its entry ${finding.sequence} or the seal of it was altered.`
    case "removed":
      return `its entry ${finding.sequence} was removed.`
    case "missing":
      return `its entries ${finding.from} to ${finding.to} were removed.`
    case "inserted":
    case "removed_unsealed":
      return `its entry ${finding.entryId} was inserted or removed.`
    case "checkpoint":
      return `what retention left of it at ${finding.sequence} was not made with LINK_SECRET.`
    case "cut_off":
      return `it ends before ${finding.sequence}, up to which the head in the bucket says that it was sealed. Its database was changed or restored.`
    case "other_chain":
      return `its seal ${finding.sequence} is another than the head in the bucket. Its database was changed or restored.`
  }
}
