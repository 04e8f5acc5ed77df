import { Check, Minus } from "lucide-react"
import { getTranslations } from "next-intl/server"
import { classNames } from "#components/ui/class-names.ts"
import type { CheckLine } from "#lib/rooms/checks/describe-finding.ts"

/** A passed or skipped line of the list: a tick, or why it was skipped. */
export async function CheckRow({ line }: { line: CheckLine }) {
  const t = await getTranslations("checks.page")
  const { name, state } = line
  const Sign = state === "ok" ? Check : Minus
  return (
    <li className="grid grid-cols-[1.25rem_1fr] gap-x-3 border-t border-line py-3">
      <span className={classNames("pt-0.75", state === "ok" ? "text-ok" : "text-soft")}>
        <Sign aria-hidden size={18} strokeWidth={2.25} />
        <span className="sr-only">{t(`state.${state}`)}</span>
      </span>
      <div className="min-w-0 sm:grid sm:grid-cols-[minmax(0,13rem)_minmax(0,1fr)] sm:gap-x-6">
        <h3 className="font-medium wrap-anywhere">{name}</h3>
        <div className="max-w-[70ch] text-soft wrap-anywhere">
          <CheckText line={line} />
        </div>
      </div>
    </li>
  )
}

/** The finding of a check, and how to fix it. */
export async function CheckText({ line: { sentence, fix, paste } }: { line: CheckLine }) {
  const t = await getTranslations("checks.page")
  const common = await getTranslations("common")
  return (
    <>
      <p>
        <WithCode text={sentence} />
      </p>
      {fix && (
        <p className="mt-1.5 text-ink">
          <span className="font-medium">{common("labelled", { label: t("todo") })}</span>{" "}
          <WithCode text={fix} />
        </p>
      )}
      {paste && <Paste label={t("paste")} text={paste} />}
    </>
  )
}

const Paste = ({ label, text }: { label: string; text: string }) => (
  <details className="mt-2">
    <summary className="w-fit cursor-pointer text-sm text-accent underline-offset-3 hover:underline">
      {label}
    </summary>
    <pre
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls has to be reachable by keyboard
      tabIndex={0}
      className="mt-2 max-h-96 overflow-auto rounded-[10px] bg-selected p-4 text-[0.8125rem]"
    >
      {text}
    </pre>
  </details>
)

/** Renders a sentence whose commands and settings are between backticks. */
export function WithCode({ text }: { text: string }) {
  return text.split("`").map((part, place) =>
    place % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence keep their order
      <Code key={place}>{part}</Code>
    ),
  )
}

const Code = ({ children }: { children: string }) => (
  <code
    dir="ltr"
    className="rounded box-decoration-clone bg-selected px-1 py-0.5 text-[0.9em] text-ink"
  >
    {children}
  </code>
)
