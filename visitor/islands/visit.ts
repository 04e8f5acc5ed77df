import { watchChecksums } from "./copy-checksums.ts"
import { dropLanguage } from "./drop-language.ts"
import { watchDownloads } from "./following/announce-downloads.ts"
import { follow } from "./following/follow.ts"
import { followPage } from "./following/follow-page.ts"
import { tidyAddress } from "./following/leave.ts"
import { watchListPages } from "./following/list-pages.ts"
import { pageData } from "./page-data.ts"
import { watchPreviews } from "./previews.ts"
import { offerResumable } from "./resumable/offer-resumable.ts"
import { startCountdowns } from "./times/countdown.ts"
import { showLocalTimes } from "./times/local-times.ts"
import { offerZip } from "./zip/offer-zip.ts"

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
