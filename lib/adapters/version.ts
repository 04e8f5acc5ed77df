import "server-only"
import manifest from "../../package.json" with { type: "json" }
import { processWide } from "./process-wide.ts"

/** The version of Lapse, as package.json says. */
export const VERSION: string = manifest.version

/** The commit that this Lapse was made from; null where it is not known. The start sets it. */
export const madeFrom = () => processWide("made from", () => ({ commit: null as string | null }))
