import { pageData } from "./page-data.ts"

/**
 * Opens the viewer for links to previews. Without JavaScript, or with a key that opens another tab,
 * the link opens the file itself.
 */
export function watchPreviews() {
  document.addEventListener("click", async (event) => {
    const { target, altKey, ctrlKey, metaKey, shiftKey } = event
    const link = target instanceof Element && target.closest<HTMLAnchorElement>("a[data-kind]")
    if (!link || altKey || ctrlKey || metaKey || shiftKey) return
    event.preventDefault()
    try {
      const { openPreview } = await import("./preview/open-preview.ts")
      await openPreview(link)
    } catch {
      // The viewer could not be loaded, so the link opens the file.
      location.assign(link.href)
    }
  })
  showPicture()
  document.addEventListener("lapse:redrawn", showPicture)
  if (location.hash.startsWith("#look-")) {
    void import("./preview/open-preview.ts").then(({ openFromAddress }) => openFromAddress())
  }
}

/** Shows the picture that fills the page, if its only file is one, and marks the page of a PDF. */
async function showPicture() {
  const link = document.querySelector<HTMLAnchorElement>(
    pageData.watermark
      ? ".stage > :is([data-kind=image], [data-kind=pdf])"
      : ".stage > [data-kind=image]",
  )
  if (link) (await import("./preview/show-picture.ts")).showPicture(link)
}
