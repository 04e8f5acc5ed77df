import { showLocalTimes } from "./local-times.ts"

// The script of a page with nothing to follow: times in the reader's zone.
showLocalTimes()
