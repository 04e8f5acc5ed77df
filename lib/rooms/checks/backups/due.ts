const HOUR = 3

/** The last time at which a backup was due: 03:00 in the machine's time zone. */
export function lastDue(now: Date): Date {
  const due = new Date(now)
  due.setHours(HOUR, 0, 0, 0)
  if (due > now) due.setDate(due.getDate() - 1)
  return due
}

/** The next time at which a backup is due. */
export function nextDue(now: Date): Date {
  const due = lastDue(now)
  due.setDate(due.getDate() + 1)
  return due
}
