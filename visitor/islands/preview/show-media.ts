import { t } from "../page-data.ts"
import { element } from "./element.ts"
import type { Stage } from "./stage.ts"

/** After that the address is tried: players ask a dead one again and again before they give up. */
const WAITING_MS = 1_500

/**
 * Plays a video or a sound with the browser's own controls. A player asks the store for another
 * range with each jump: if the address has ended or was cut off by then, it gets a new one and goes
 * on where it was, playing or paused as before.
 */
export async function showMedia(stage: Stage) {
  const { file, address, signal } = stage
  const isVideo = file.kind === "video"
  const media = element(isVideo ? "video" : "audio", {
    controls: true,
    preload: "metadata",
    // The download has a button of its own, which counts.
    controlslist: "nodownload",
    "aria-label": file.name,
    ...(isVideo ? { playsinline: true, class: "viewer-video" } : { class: "viewer-audio" }),
  })
  const url = await address.current()
  if (url === null) return
  keepPlaying(media, stage)
  media.src = url
  stage.show(isVideo ? media : element("div", { class: "viewer-sound" }, media))
  signal.addEventListener("abort", () => {
    media.removeAttribute("src")
    media.load()
  })
}

/** Where each file was left. */
const positions = new Map<string, number>()

function keepPlaying(media: HTMLMediaElement, { file, address, signal, refuse }: Stage) {
  /** "asking" for an address, then "loading" what is there, from then on "steady". */
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
    if (isUndecodable || isHopeless) refuse(t("visitor.islands.preview.broken"))
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
      else wait() // a slow line
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

/** Whether the store still serves an address. */
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
