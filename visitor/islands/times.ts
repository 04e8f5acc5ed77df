import { showLocalTimes } from "./local-times.ts"

// The script of a page with nothing to follow: it shows times in the reader's zone.
showLocalTimes()
