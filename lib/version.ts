import "server-only"
import manifest from "../package.json" with { type: "json" }

/** The version of Lapse, as package.json says. */
export const VERSION: string = manifest.version
