import { isLastDay, ringFraction } from "#components/ring-fraction.ts"
import { durationParts, formatRelative } from "#components/time/format-time.ts"
import { locale, serverNow, t } from "#visitor/islands/page-data.ts"
import { showLocalTimes } from "./local-times.ts"

const HOUR = 3_600_000

const started = new WeakSet<Element>()

/**
 * Starts the countdowns that are not running yet: updates their ring and text, near the end every
 * second. At the end "lapse:due" makes the page ask for the link's state.
 */
export function startCountdowns() {
  for (const element of document.querySelectorAll<HTMLElement>("[data-countdown]")) {
    if (started.has(element)) continue
    started.add(element)
    start(element)
  }
}

function start(element: HTMLElement) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tick = () => {
    clearTimeout(timer)
    if (!element.isConnected) return document.removeEventListener("visibilitychange", tick)
    const left = show(element)
    if (left > 0) timer = setTimeout(tick, left < 1.1 * HOUR ? 1_000 : 15_000)
    else document.dispatchEvent(new Event("lapse:due"))
  }
  // Timers pause in a hidden tab and while the machine sleeps.
  document.addEventListener("visibilitychange", tick)
  tick()
}

/** Updates one countdown and returns the remaining milliseconds. */
function show(element: HTMLElement): number {
  const { countdown, to } = element.dataset
  const left = Number(to) - serverNow()
  const over = left <= 0
  const title = element.querySelector("[role=timer]")
  if (countdown === "open") {
    setText(title, over ? t("visitor.lapsedNow") : t("visitor.openFor", { duration: say(left) }))
    drawRing(element, ringFraction(left))
    element.classList.toggle("time-large", isLastDay(left))
    document.body.toggleAttribute("data-lapsed", over)
  }
  if (countdown === "scheduled") {
    const now = over ? t("visitor.scheduled.now") : undefined
    setText(title, now ?? t("visitor.scheduled.opensIn", { duration: say(left) }))
    if (over) drawRing(element, 1)
  }
  for (const relative of element.querySelectorAll<HTMLTimeElement>("time[data-form=relative]")) {
    setText(relative, formatRelative(new Date(relative.dateTime), new Date(serverNow()), locale))
  }
  if (over) showAfter(element)
  return left
}

/**
 * Removes the content that applies before the end, and shows the template that applies after it.
 */
function showAfter(element: HTMLElement) {
  for (const before of element.querySelectorAll("[data-before]")) before.remove()
  for (const after of element.querySelectorAll<HTMLTemplateElement>("template[data-after]")) {
    showLocalTimes(after.content)
    after.replaceWith(after.content)
  }
}

const say = (milliseconds: number) =>
  durationParts(milliseconds)
    .map(({ unit, count }) => t(`common.${unit}`, { count }))
    .reduce((first, second) => t("common.duration", { first, second }))

/** Draws the arc like components/ui/ring/ring.tsx; without remaining time the ring is empty. */
function drawRing(element: HTMLElement, fraction: number) {
  const arc = element.querySelector<SVGCircleElement>("circle.stroke-accent")
  const dot = element.querySelector<SVGCircleElement>("circle.fill-accent")
  if (dot && fraction > 0) {
    dot.previousElementSibling?.setAttribute("class", "stroke-accent")
    dot.remove()
  }
  if (!arc) return
  const length = 2 * Math.PI * arc.r.baseVal.value
  const left = Math.min(1, Math.max(0, fraction)) * length
  arc.setAttribute("stroke-dasharray", `${left.toFixed(2)} ${(length + 1).toFixed(2)}`)
  arc.style.display = fraction > 0 ? "" : "none"
}

// Unchanged text is not set, since a screen reader would announce it again.
function setText(element: Element | null, text: string) {
  if (element && element.textContent !== text) element.textContent = text
}
