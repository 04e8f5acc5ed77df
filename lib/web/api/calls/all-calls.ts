import { FILE_CALLS } from "./files.ts"

/** Every call of `/api/v1`. */
export const CALLS = [...FILE_CALLS] as const

type Calls = { [Each in (typeof CALLS)[number] as Each["at"]]: Each }
export type At = keyof Calls
export type CallAt<Name extends At> = Calls[Name]
