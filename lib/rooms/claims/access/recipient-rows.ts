import "server-only"

/**
 * Locks the links of recipients in the order of their ids. It comes before attempts and counters,
 * whose queries contain `recipientsFirst`, so that no two statements deadlock. `rows` is SQL that
 * returns their ids.
 */
export const lockRecipients = (rows: string) => `recipients AS MATERIALIZED (
  SELECT l.id AS link_id
  FROM (SELECT DISTINCT link_id FROM (${rows}) AS asked ORDER BY link_id OFFSET 0) AS each
  CROSS JOIN LATERAL (SELECT id FROM link WHERE link.id = each.link_id OFFSET 0 FOR NO KEY UPDATE) AS l
)`

export const recipientsFirst = "(SELECT count(*) FROM recipients) >= 0"
