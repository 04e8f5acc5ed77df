import type { Resource } from "./request-context.ts"
import type { Query } from "./uri.ts"

// Parameters that select another operation. One that route.ts does not support is refused: if PUT
// ?acl were handled as PUT, it would replace the object with its ACL.
export const SUBRESOURCES = `
  accelerate acl analytics append attributes cors delete encryption intelligent-tiering inventory
  legal-hold lifecycle location logging metadataConfiguration metadataInventoryTable
  metadataJournalTable metadataTable metrics notification object-lock ownershipControls policy
  policyStatus publicAccessBlock renameObject replication requestPayment restore retention select
  session tagging torrent uploadId uploads versioning versions website
`
  .trim()
  .split(/\s+/)

/** Whether a request is a GetObject or HeadObject. */
export function readsObject(method: string, { bucketName, key }: Resource, query: Query) {
  if (method !== "GET" && method !== "HEAD") return false
  return bucketName !== "" && key !== "" && query.every(([name]) => !SUBRESOURCES.includes(name))
}
