import { watchChecksums } from "./copy-checksums.ts"
import { startCountdowns } from "./countdown.ts"
import { watchDownloads } from "./downloads.ts"
import { follow } from "./follow.ts"
import { showLocalTimes } from "./local-times.ts"
import { offerZip } from "./offer-zip.ts"
import { pageData } from "./page-data.ts"

// The script of an open, locked or scheduled link: times in the reader's zone, countdowns, and for
// an open link what follows its state. Code that few visitors need is loaded on demand.
showLocalTimes()
startCountdowns()

if (pageData.state === "open") {
  watchDownloads()
  watchChecksums()
  offerZip()
  follow()
}
