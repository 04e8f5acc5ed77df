import { pageData } from "./page-data.ts"

// Carries the server's time on, whatever the browser's clock says. Not performance.now(), which
// stops in some browsers while the machine sleeps.
const ahead = (pageData.now ?? Date.now()) - Date.now()

/** The server's time now, in milliseconds. */
export const serverNow = () => Date.now() + ahead
