import { watchDownloads } from "./announce-downloads.ts"
import { watchChecksums } from "./copy-checksums.ts"
import { startCountdowns } from "./countdown.ts"
import { dropLanguage } from "./drop-language.ts"
import { follow } from "./follow.ts"
import { followPage } from "./follow-page.ts"
import { tidyAddress } from "./leave.ts"
import { watchListPages } from "./list-pages.ts"
import { showLocalTimes } from "./local-times.ts"
import { offerResumable } from "./offer-resumable.ts"
import { offerZip } from "./offer-zip.ts"
import { pageData } from "./page-data.ts"
import { watchPreviews } from "./previews.ts"

// The script of an open, locked or scheduled link: times in the reader's zone, countdowns, and
// updates of its state. Code that few visitors need is loaded on demand.
tidyAddress()
showLocalTimes()
startCountdowns()
dropLanguage()

if (pageData.state !== "open") followPage()
else {
  watchDownloads()
  watchChecksums()
  watchPreviews()
  watchListPages()
  offerResumable()
  offerZip()
  follow()
}
