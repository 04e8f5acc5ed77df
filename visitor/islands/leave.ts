import { pageData } from "./page-data.ts"

/**
 * Loads the page anew, because the link is no longer as it shows. A script that is in the middle of
 * something prevents "lapse:leaving"; the page is asked to leave again while it stays.
 */
export function leave() {
  if (!document.dispatchEvent(new Event("lapse:leaving", { cancelable: true }))) return
  const page = `/s/${pageData.token}`
  // The answer to a form has the form's address, and a reload would send the form again.
  if (location.pathname === page) location.reload()
  else location.replace(page)
}
