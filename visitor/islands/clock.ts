import { pageData } from "./page-data.ts"

// The server's time goes on in the browser, whatever the clock there says. Not performance.now(),
// which stands still in some browsers while the machine sleeps.
const ahead = (pageData.now ?? Date.now()) - Date.now()

/** The server's time now, in milliseconds. */
export const serverNow = () => Date.now() + ahead
