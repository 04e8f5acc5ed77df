import * as viewer from "#components/viewer/viewer.ts"
import { fileIdOf, previewLinks } from "./page-files.ts"
import { visitorHost } from "./visitor-host.ts"

/** Opens the viewer for a preview link. */
export function openPreview(link: HTMLAnchorElement) {
  // The page's main button opens the first file of its list, in the order shown.
  const isInList = link.closest("#files") !== null
  return viewer.openFile(visitorHost, fileIdOf(isInList ? link : (previewLinks()[0] ?? link)))
}

/** Opens the viewer for the file that the page's URL names, if there is one. */
export const openFromAddress = () => viewer.openFromAddress(visitorHost)
