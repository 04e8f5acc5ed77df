import "server-only"
import { isMintable } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import {
  CREDENTIALS,
  columnOf,
  filesOf,
  LINK,
  READY,
  SIGNABLE,
  TICKET_ARRAYS,
  TICKET_COLUMNS,
  TICKETS,
  ticketHolds,
} from "../access/sql-fragments.ts"
import { MINT_WINDOW, MINTS_PER_WINDOW } from "./mint-statement.ts"

/**
 * Mints for the holders of tickets, as many as the arrays hold: one file of a share that may be
 * downloaded. Checks, counts the tries of each ticket, inserts the events, and returns a row with the
 * place in the arrays for each mint it granted. The full statement decides the others.
 */
export const insertPlainMints = statement(
  "plain_mint",
  {
    publicIds: "bytea[]",
    fileIds: "uuid[]",
    ticketIds: "text[]",
    ...TICKET_ARRAYS,
    agents: "text[]",
    referrers: "text[]",
    visitors: "bytea[]",
    /** Of the events that are written. */
    eventIds: "uuid[]",
    ...CREDENTIALS,
  },
  `
WITH asked AS (
  -- The subselects hide the lengths from the planner, so that it keeps its generic plan.
  SELECT * FROM unnest((SELECT :publicIds), (SELECT :fileIds), (SELECT :ticketIds), ${TICKETS},
    (SELECT :agents), (SELECT :referrers), (SELECT :visitors), (SELECT :eventIds))
    WITH ORDINALITY AS a (public_id, file_id, ticket_id, ${TICKET_COLUMNS}, agent, referrer, visitor, event_id, place)
),
found AS MATERIALIZED (
  SELECT a.place, a.ticket_id, a.agent, a.referrer, a.visitor, a.event_id, plain.*
  FROM asked a CROSS JOIN LATERAL (
    SELECT l.id AS link_id, s.id AS share_id, s.expires_at, s.mint_ttl_seconds, s.max_ttl_seconds,
      f.id AS file_id, f.name, f.content_type, f.size, o.key, o.colour
    FROM ${LINK} ${filesOf("s.id", "= a.file_id")}
    WHERE l.public_id = a.public_id AND ${READY} AND NOT s.view_only
      AND ${isMintable("s")} AND ${SIGNABLE} AND ${ticketHolds(columnOf("a"))}
    OFFSET 0 -- keeps the planner from joining whole tables: each click looks up its own rows
  ) AS plain
),
tries AS (
  INSERT INTO attempt AS t (purpose, subject, address, attempts, window_end_at)
  SELECT 'mint', ticket_id, '', count(*), statement_timestamp() + ${MINT_WINDOW}
  FROM found GROUP BY ticket_id ORDER BY ticket_id
  ON CONFLICT (purpose, subject, address) DO UPDATE SET
    attempts = CASE WHEN t.window_end_at > statement_timestamp() THEN t.attempts ELSE 0 END
      + excluded.attempts,
    window_end_at = CASE WHEN t.window_end_at > statement_timestamp()
      THEN t.window_end_at ELSE excluded.window_end_at END
  RETURNING subject AS ticket_id, attempts
),
granted AS MATERIALIZED (
  SELECT found.* FROM found JOIN tries USING (ticket_id) WHERE attempts <= ${MINTS_PER_WINDOW}
),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, kind, agent, referrer, visitor)
  SELECT event_id, statement_timestamp(), share_id, link_id, file_id, 'mint', agent, referrer, visitor FROM granted
)
SELECT place::int, statement_timestamp() AS now, share_id, expires_at, mint_ttl_seconds, max_ttl_seconds,
  file_id, name, content_type, size, key, colour
FROM granted`,
)
