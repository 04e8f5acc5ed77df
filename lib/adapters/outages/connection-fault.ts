import "server-only"

/** Why a server could not handle a request at all. */
export type ConnectionFault = "no_room" | "no_host" | "no_server" | "no_trust" | "no_answer"

// The codes of Node, OpenSSL, PostgreSQL and stores, and the texts that libraries use instead.
const FAULTS: [ConnectionFault, RegExp][] = [
  ["no_room", /\b(ENOSPC|EDQUOT|53100|507|XMinioStorageFull|InsufficientStorage)\b/],
  ["no_host", /\b(ENOTFOUND|EAI_AGAIN|EDNS)\b/],
  ["no_server", /\bECONNREFUSED\b/],
  ["no_trust", /\b(CERT|ERR_TLS_CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)_|certificate/i],
  [
    "no_answer",
    /\b(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE|UND_ERR_SOCKET|socket hang up)\b|time(d |_)?out/i,
  ],
]

export const connectionFault = (reason: string): ConnectionFault | null =>
  FAULTS.find(([, named]) => named.test(reason))?.[0] ?? null
