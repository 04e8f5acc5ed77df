import "server-only"

/**
 * The statement that counts in fixed windows, for use inside others. `rows` selects purpose, subject,
 * address, how many to count, and the end of a window that begins now; a row of each is counted once,
 * so they are grouped, and ordered as everywhere, or two such statements could deadlock. A window that
 * is over begins anew. A row whose window goes on is counted only under `condition`, over `a`, the row
 * as it stands, and `excluded`, the one selected; what is not counted is not returned.
 */
export const countInWindow = (rows: string, condition?: string) => `
  INSERT INTO attempt AS a (purpose, subject, address, attempts, window_end_at)
  ${rows}
  ON CONFLICT (purpose, subject, address) DO UPDATE SET
    attempts = CASE WHEN a.window_end_at > statement_timestamp() THEN a.attempts ELSE 0 END
      + excluded.attempts,
    window_end_at = CASE WHEN a.window_end_at > statement_timestamp()
      THEN a.window_end_at ELSE excluded.window_end_at END
  ${condition === undefined ? "" : `WHERE a.window_end_at <= statement_timestamp() OR ${condition}`}`

/** The seconds until the window of a row ends, at least 1. */
export const secondsLeft = (windowEnd: string) =>
  `greatest(1, ceil(extract(epoch FROM ${windowEnd} - statement_timestamp())))::int`

/** The seconds until a URL budget is renewed: those of its row, or of a whole window. */
export const budgetWait = (row: {
  purpose: string
  subject: string
  address: string
}) => `COALESCE((
  SELECT ${secondsLeft("a.window_end_at")} FROM attempt a
  WHERE a.purpose = ${row.purpose} AND a.subject = ${row.subject} AND a.address = ${row.address}
), 600)`

/** The window of URLs, of mints and of looks. */
export const URL_WINDOW = "statement_timestamp() + interval '10 minutes'"
