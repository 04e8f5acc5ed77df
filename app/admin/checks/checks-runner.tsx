"use client"

import { type ReactNode, useEffect, useRef } from "react"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { Button } from "#components/ui/button.tsx"
import type { BrowserResult, BrowserTest } from "#lib/adapters/findings/browser-test.ts"

type ChecksRunnerProps = {
  /** The head of the page, beside which the button stands. */
  head: ReactNode
  /** Content between the head and the summary. */
  before: ReactNode
  /** The summary of the findings. */
  summary: ReactNode
  /** Whether the reader may not run the checks. */
  readOnly: boolean
  /** Whether the checks run as soon as the page is open. */
  starts: boolean
  /** Whether another process or page runs them. */
  runsElsewhere: boolean
  // The page passes the words, because the browser has no messages of the checks.
  words: { run: string; checking: string; hint: string }
  children: ReactNode
}

/** Runs the checks, with a test in this browser. Meanwhile the list shows the last results. */
export function ChecksRunner(props: ChecksRunnerProps) {
  const { head, before, summary, readOnly, starts, runsElsewhere, words, children } = props
  const { run, pending, refused } = useChange()
  const started = useRef(false)
  const check = () => run(runChecks)

  useEffect(() => {
    if (readOnly || !starts || started.current) return
    started.current = true
    check()
  })

  const isRunning = pending || runsElsewhere
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        {head}
        {!readOnly && (
          <Button size="sm" pending={isRunning} onClick={check}>
            {words.run}
          </Button>
        )}
      </div>
      {before}
      <div aria-live="polite" className="mt-6 mb-7">
        {isRunning ? (
          <>
            <p className="text-lg font-semibold tracking-[-0.015em]">{words.checking}</p>
            <p className="mt-1 text-soft">{words.hint}</p>
          </>
        ) : (
          summary
        )}
        {refused && (
          <p role="alert" className="mt-1 text-sm text-danger">
            {refused.message}
          </p>
        )}
      </div>
      <div aria-busy={isRunning} className="transition-opacity aria-busy:opacity-50">
        {children}
      </div>
      <RefreshWhile what="checks" left={runsElsewhere && !pending} />
    </>
  )
}

async function runChecks() {
  const test = await answerOf(ask("POST /admin/checks/browser", {}))
  // Without a store there is no test for the browser; the list has the reason.
  const browser = test instanceof ApiError ? undefined : await tryBrowser(test)
  return ask(
    "POST /admin/checks",
    { body: browser === undefined ? {} : { browser } },
    { slow: true },
  )
}

const ANSWER_MS = 10_000

/** Uploads to the store and downloads from it as pages do. Returns null if all of it works. */
async function tryBrowser({ puts, get }: BrowserTest): Promise<BrowserResult> {
  for (const { url, headers, body } of puts) {
    const uploaded = await tryFetch(url, { method: "PUT", headers, body })
    if (!uploaded?.ok) return { failed: "upload", reason: reasonOf(uploaded) }
  }
  const downloaded = await tryFetch(get.url, { headers: { range: "bytes=0-" } })
  if (!downloaded?.ok) return { failed: "download", reason: reasonOf(downloaded) }
  const missing = get.exposed.filter((name) => !downloaded.headers.has(name))
  if (missing.length > 0) return { failed: "headers", reason: missing.join(", ") }
  const text = await downloaded.text().catch(() => null)
  return text === get.text ? null : { failed: "download", reason: "other bytes" }
}

/** Returns null if the browser got no answer, or does not let the page read it. */
const tryFetch = (url: string, init: RequestInit) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null)

const reasonOf = (answer: Response | null) => (answer ? String(answer.status) : "no answer")
