import { pageData } from "./page-data.ts"

// The server's time goes on in the browser, whatever the clock there says.
const began = performance.timeOrigin + performance.now()
const ahead = (pageData.now ?? Date.now()) - began

/** The server's time now, in milliseconds. */
export const serverNow = () => performance.timeOrigin + performance.now() + ahead
