/**
 * The advisory lock of the session that makes a backup on behalf of a running Lapse, so that there
 * is one at a time. An arbitrary number.
 */
export const BACKUP_SESSION_LOCK = 7_203_541_201

/** The parts of a backup, in the order in which they are copied or written. */
export const BACKUP_STEPS = ["objects", "database", "list"] as const
export type BackupStep = (typeof BACKUP_STEPS)[number]

/** The name of that session before the first step; a step follows it. */
export const BACKUP_SESSION = "lapse-backup"
