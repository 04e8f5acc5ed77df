import "server-only"
import manifest from "../../package.json" with { type: "json" }
import { processWide } from "./process-wide.ts"

/** The version of Lapse from package.json. */
export const VERSION: string = manifest.version

/** The commit from which this Lapse was built; null if unknown. Set during the start. */
export const madeFrom = () => processWide("made from", () => ({ commit: null as string | null }))
