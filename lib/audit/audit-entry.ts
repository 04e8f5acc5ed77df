/** One line of what members and admins did. Times are ISO 8601 UTC. */
export type AuditEntryView = {
  id: string
  at: string
  /** Null for what the installation did by itself. */
  actorId: string | null
  /** Name and address of the time. */
  actor: string
  /** For example "share.revoke". */
  action: string
  targetId: string | null
  details: Record<string, unknown>
}
