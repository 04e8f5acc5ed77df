"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { RelativeTime } from "#components/time/local-time.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { Questions, QuestionView } from "#lib/rooms/questions/question.ts"

const SHOWN = 3

/** The class of secondary buttons on the panel, whose hover colour matches the panel. */
export const ON_PANEL = "text-ink! inset-ring-edge! hover:bg-paper!"

/** Returns a function that says that the questions were answered. */
export function useAnswered() {
  const toast = useToast()
  return (title: string) => {
    toast({ title, tone: "ok" })
    // The button disappears with the questions, so the focus moves to the page.
    document.querySelector<HTMLElement>("main")?.focus()
  }
}

type QuestionPanelProps = {
  questions: Questions
  now: string
  /** The effect of an answer. */
  text: ReactNode
  /** The buttons that answer. */
  children: ReactNode
}

/** The questions of visitors about a closed link, with the answers. Empty without any. */
export function QuestionPanel({ questions, now, text, children }: QuestionPanelProps) {
  const t = useTranslations("member.questions")
  const { items, count } = questions
  if (count === 0) return null
  const [first, more] = [items.slice(0, SHOWN), items.slice(SHOWN)]
  return (
    <section
      aria-labelledby="questions"
      className="mb-8 rounded-[10px] bg-request px-4 py-4 sm:px-5"
    >
      <h2 id="questions" className="text-note font-semibold">
        {t("title", { count })}
      </h2>
      <List questions={first} now={now} />
      {more.length > 0 && (
        <details>
          <summary className="w-fit rounded-md py-1 text-sm underline decoration-edge underline-offset-3">
            {t("more", { count: more.length })}
          </summary>
          <List questions={more} now={now} />
        </details>
      )}
      {count > items.length && (
        <p className="mt-1 text-sm">{t("notKept", { count: count - items.length })}</p>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-2.5 max-sm:*:grow">
        {children}
      </div>
      <p className="mt-3 max-w-[64ch] text-sm">{text}</p>
    </section>
  )
}

function List({ questions, now }: { questions: QuestionView[]; now: string }) {
  const t = useTranslations("member.questions")
  return (
    <ul className="mt-2.5 flex flex-col gap-2.5">
      {questions.map(({ id, note, recipient, agent, at }) => (
        <li key={id} className="border-s-2 border-edge ps-3">
          {/* The text comes from a stranger, so URLs in it do not become links. */}
          <p dir="auto" className={note ? "max-w-[64ch] wrap-anywhere" : "italic"}>
            {note || t("noNote")}
          </p>
          <p className="text-sm">
            {recipient && (
              <>
                <bdi>{recipient}</bdi> ·{" "}
              </>
            )}
            {agent && `${agent} · `}
            <RelativeTime at={at} now={now} />
          </p>
        </li>
      ))}
    </ul>
  )
}
