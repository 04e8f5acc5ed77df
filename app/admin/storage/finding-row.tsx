import { getMessages, getTranslations } from "next-intl/server"
import { Badge } from "#components/ui/badge.tsx"
import { describeFinding, type Finding, type State } from "#lib/storage.ts"

const TONES = {
  ok: "ok",
  warn: "accent",
  fail: "danger",
  skipped: "plain",
} as const satisfies Record<State, string>

/** One finding of the report, with the advice for it. */
export async function FindingRow({ finding }: { finding: Finding }) {
  const t = await getTranslations("doctor.page")
  const { doctor } = await getMessages()
  const { name, sentence, fix } = describeFinding(doctor, finding)
  const { state, paste } = finding
  return (
    <li className="border-t border-line py-4">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-medium">{name}</h3>
        <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>
      </div>
      <p className="mt-1 max-w-[70ch] wrap-anywhere text-soft">
        <WithCode text={sentence} />
      </p>
      {fix && (
        <p className="mt-2 max-w-[70ch] wrap-anywhere">
          <span className="font-medium">{t("todo")}:</span> <WithCode text={fix} />
        </p>
      )}
      {paste && (
        <details className="mt-2">
          <summary className="w-fit cursor-pointer text-sm text-accent underline-offset-3 hover:underline">
            {t("paste")}
          </summary>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls has to be reachable by keyboard
            tabIndex={0}
            className="mt-2 max-h-96 overflow-auto rounded-[10px] bg-wash p-4 text-[0.8125rem]"
          >
            {paste}
          </pre>
        </details>
      )}
    </li>
  )
}

/** Renders a sentence whose commands and settings are between backticks. */
function WithCode({ text }: { text: string }) {
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
  <code className="rounded box-decoration-clone bg-wash px-1 py-0.5 text-[0.9em] text-ink">
    {children}
  </code>
)
