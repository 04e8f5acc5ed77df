import { dropLanguage } from "./drop-language.ts"
import { followPage } from "./following/follow-page.ts"
import { tidyAddress } from "./following/leave.ts"
import { startCountdowns } from "./times/countdown.ts"
import { showLocalTimes } from "./times/local-times.ts"

// The script of a link without files: times in the reader's zone, the wait before asking again, and the
// reload when the link opens.
tidyAddress()
showLocalTimes()
startCountdowns()
dropLanguage()
followPage()
