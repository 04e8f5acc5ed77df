import { useLocale } from "next-intl"
import { formatBytes } from "#lib/format-bytes.ts"

export { LocalTime, RelativeTime } from "./local-time.tsx"

/** A size as people say it: "18.4 MB". */
export function Bytes({ value }: { value: number }) {
  return <span className="whitespace-nowrap">{formatBytes(value, useLocale())}</span>
}
