/** An entry of the audit log. Times are ISO 8601 UTC. */
export type AuditEntryView = {
  id: string
  at: string
  /** Null for what the installation did by itself. */
  actorId: string | null
  /** Name and email address at that time. */
  actor: string
  /** For example "share.revoke". */
  action: string
  targetId: string | null
  details: Record<string, unknown>
}
