import "server-only"
import { type Logger, pino } from "pino"

const held = globalThis as typeof globalThis & { lapseLog?: Logger }

/** One JSON line per event. Never give it a token, password, presigned URL or cookie. */
held.lapseLog ??= pino({
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  serializers: { error: pino.stdSerializers.err },
})

export const log = held.lapseLog
