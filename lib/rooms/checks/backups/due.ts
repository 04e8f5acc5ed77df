/** The last time at which a backup was due, at a minute of the machine's day. */
export function lastDue(now: Date, minute: number): Date {
  const due = new Date(now)
  due.setHours(0, minute, 0, 0)
  if (due > now) due.setDate(due.getDate() - 1)
  return due
}

/** The next time at which a backup is due. */
export function nextDue(now: Date, minute: number): Date {
  const due = lastDue(now, minute)
  due.setDate(due.getDate() + 1)
  return due
}
