import { element } from "../element.ts"
import { t } from "../host.ts"
import type { Stage } from "../stage.ts"

/**
 * After this time the URL is checked, because players retry an expired one many times before they
 * report an error.
 */
const WAITING_MS = 1_500

/**
 * Plays a video or a sound with the browser's controls. A player requests another range from the
 * store after each seek: if the URL has expired or was cut off, it gets a new one and continues at
 * the same position, playing or paused as before.
 */
export async function showMedia(stage: Stage) {
  const { file, address, signal } = stage
  const isVideo = file.kind === "video"
  const media = element(isVideo ? "video" : "audio", {
    controls: true,
    preload: "metadata",
    // The viewer has a separate download button, which counts.
    controlslist: "nodownload",
    "aria-label": file.name,
    ...(isVideo ? { playsinline: true, class: "viewer-video" } : { class: "viewer-audio" }),
  })
  const url = await address.current()
  if (url === null) return
  keepPlaying(media, stage)
  media.src = url
  stage.show(isVideo ? media : element("div", { class: "viewer-sound" }, media))
  // A browser may forbid it; then its own controls start.
  if (stage.plays) void media.play().catch(() => {})
  signal.addEventListener("abort", () => {
    media.removeAttribute("src")
    media.load()
  })
}

/** The last position in each file, by id. */
const positions = new Map<string, number>()

function keepPlaying(media: HTMLMediaElement, { file, address, signal, refuse }: Stage) {
  /** "asking": requests a URL; "loading": loads the file; "steady": loaded. */
  let state: "steady" | "asking" | "loading" = "loading"
  let renewals = 0
  let hasWorked = false
  let wasPlaying = false
  let rate = 1
  let stalled: ReturnType<typeof setTimeout> | undefined

  const renew = async () => {
    if (state === "asking") return
    if (state === "steady") {
      wasPlaying = !media.paused
      rate = media.playbackRate
    }
    state = "asking"
    renewals += 1
    const url = await address.renew().catch(() => null)
    if (url === null || signal.aborted) return
    state = "loading"
    media.src = url
  }
  const continueThere = () => {
    const position = positions.get(file.id) ?? 0
    if (position > 0 && position < media.duration) media.currentTime = position
    media.playbackRate = rate
    state = "steady"
    if (wasPlaying) void media.play().catch(() => {})
  }
  const fail = () => {
    if (state === "asking") return
    const isUndecodable = media.error?.code === MediaError.MEDIA_ERR_DECODE
    const isHopeless = renewals > (hasWorked ? 1 : 0)
    if (isUndecodable || isHopeless) refuse(t("broken"))
    else void renew()
  }
  const remember = () => {
    if (state === "steady") positions.set(file.id, media.ended ? 0 : media.currentTime)
  }
  const seek = () => {
    remember()
    if (state === "steady" && address.isOver() && !isBuffered(media)) void renew()
  }
  const wait = () => {
    clearTimeout(stalled)
    stalled = setTimeout(async () => {
      const isWaiting = state === "steady" && media.readyState < HTMLMediaElement.HAVE_FUTURE_DATA
      if (!isWaiting || media.ended) return
      if (address.isOver() || !(await isServed(media.src, signal))) void renew()
      else wait() // a slow connection
    }, WAITING_MS)
  }
  const progress = () => {
    clearTimeout(stalled)
    remember()
    if (state !== "steady") return
    hasWorked = true
    renewals = 0
  }

  media.addEventListener("loadedmetadata", continueThere, { signal })
  media.addEventListener("error", fail, { signal })
  media.addEventListener("seeking", seek, { signal })
  for (const event of ["waiting", "stalled"]) media.addEventListener(event, wait, { signal })
  for (const event of ["timeupdate", "canplay"]) media.addEventListener(event, progress, { signal })
  signal.addEventListener("abort", () => clearTimeout(stalled))
}

/** Whether the store still serves a URL. */
async function isServed(url: string, signal: AbortSignal) {
  try {
    const headers = { Range: "bytes=0-0" }
    const response = await fetch(url, { headers, credentials: "omit", cache: "no-store", signal })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

function isBuffered({ buffered, currentTime }: HTMLMediaElement) {
  for (let at = 0; at < buffered.length; at += 1) {
    if (buffered.start(at) <= currentTime && currentTime < buffered.end(at)) return true
  }
  return false
}
