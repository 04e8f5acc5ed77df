import { getTranslations } from "next-intl/server"
import { StatusRow } from "#components/pages/status-row.tsx"
import type { CheckLine } from "#lib/rooms/checks/describe-finding.ts"
import { WithCode } from "../with-code.tsx"

/** A passed or skipped line of the list: a tick, or why it was skipped. */
export async function CheckRow({ line }: { line: CheckLine }) {
  const t = await getTranslations("checks.page")
  const { name, state } = line
  return (
    <StatusRow state={state === "ok" ? "ok" : "off"} stateText={t(`state.${state}`)} name={name}>
      <CheckText line={line} />
    </StatusRow>
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
