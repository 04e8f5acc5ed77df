import { startCountdowns } from "./countdown.ts"
import { dropLanguage } from "./drop-language.ts"
import { followPage } from "./follow-page.ts"
import { tidyAddress } from "./leave.ts"
import { showLocalTimes } from "./local-times.ts"

// The script of a link without files: times in the reader's zone, the wait before asking again, and the
// reload when the link opens.
tidyAddress()
showLocalTimes()
startCountdowns()
dropLanguage()
followPage()
