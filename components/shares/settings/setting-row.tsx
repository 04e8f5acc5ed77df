"use client"

import { useTranslations } from "next-intl"
import { createContext, type ReactNode, useContext, useRef } from "react"
import { useStore } from "#components/store.ts"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import type { Saver, SettingState } from "./saver.ts"
import type { Setting, Values } from "./setting.ts"

export const SaverContext = createContext<Saver | null>(null)

/** The label of a field on the left, and all else on the right, where there is room. */
export const LABEL_BESIDE =
  "sm:grid sm:grid-cols-[8.5rem_minmax(0,1fr)] sm:gap-x-4 sm:items-start sm:[&>:first-child]:pt-2.5 sm:[&>:not(:first-child)]:col-start-2"

function useSaver() {
  const saver = useContext(SaverContext)
  if (!saver) throw new Error("a setting is outside of LinkSettings")
  return saver
}

function useSettingState(setting: Setting): SettingState | undefined {
  const { store } = useSaver()
  return useStore(store, store.current()).states[setting]
}

type SettingRowProps = { setting: Setting; children: ReactNode }

/** A setting with its state beside it: whether it is saved, and what can be done. */
export function SettingRow({ setting, children }: SettingRowProps) {
  const t = useTranslations("member.link")
  const row = useRef<HTMLFieldSetElement>(null)
  const saver = useSaver()
  const state = useSettingState(setting)
  const { share } = useStore(saver.store, saver.store.current())
  const canUndo = state?.is === "saved" && state.before && state.version === share.version
  const isSwitch = setting === "direct" || setting === "reading" || setting === "notices"
  const problem = useProblem(setting)
  return (
    <fieldset
      ref={row}
      data-setting={setting}
      className={classNames(
        "relative min-w-0 border-t border-line sm:pe-28",
        isSwitch ? "divide-y divide-line" : "py-3.5",
      )}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) void saver.leave(setting)
      }}
      onKeyDown={({ key, target }) => {
        if (key === "Enter" && target instanceof HTMLInputElement) void saver.save(setting)
      }}
    >
      {children}
      {isSwitch && problem && (
        <p role="alert" className="mt-2 ps-12.5 text-sm text-danger">
          {problem}
        </p>
      )}
      <SavedMark
        text={state?.is === "saved" ? t("saved") : state?.is === "undone" ? t("undone") : ""}
        className={isSwitch ? "" : "sm:top-6"}
      >
        {canUndo && (
          <Button
            variant="text"
            size="sm"
            className="min-h-6! px-1! -my-1"
            onClick={() => {
              focusFirst(row.current) // the button disappears
              void saver.undo(setting)
            }}
          >
            {t("undo")}
          </Button>
        )}
      </SavedMark>
    </fieldset>
  )
}

type SavedMarkProps = { text: string; className?: string; children?: ReactNode }

/** "Saved" at the end of a row, which screen readers announce. */
export const SavedMark = ({ text, className, children }: SavedMarkProps) => (
  <div
    className={classNames(
      "absolute end-0 top-3.5 flex items-center gap-x-2 border-none! text-sm sm:flex-col sm:items-end",
      className,
    )}
  >
    <span role="status" className="text-ok">
      {text}
    </span>
    {children}
  </div>
)

const focusFirst = (row: HTMLElement | null) =>
  row?.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus()

/** Why a setting is not saved, with what can be done; undefined if there is no problem. */
export function useProblem(setting: Setting, field?: string): ReactNode {
  const t = useTranslations("member.link")
  const noAnswer = useTranslations("common")("noAnswer")
  const saver = useSaver()
  const state = useSettingState(setting)
  if (state?.is === "conflict") {
    if (field === "startsAt") return undefined
    return (
      <>
        {t("conflict", { theirs: shown(state.theirs) || "none" })}{" "}
        <ProblemButton onClick={() => saver.keepOwn(setting)}>{t("keepOwn")}</ProblemButton>{" "}
        <ProblemButton onClick={() => saver.discard(setting)}>{t("useOther")}</ProblemButton>
      </>
    )
  }
  if (state?.is !== "failed") return undefined
  const { error } = state
  if (field === "startsAt" ? error.field !== "startsAt" : error.field === "startsAt" && field)
    return undefined
  const canRetry = error.status === 0 || error.status === 429 || error.status >= 500
  return (
    <>
      {error.message || noAnswer}{" "}
      {canRetry && (
        <ProblemButton onClick={() => void saver.save(setting)}>{t("again")}</ProblemButton>
      )}
    </>
  )
}

/** A changed text or number in words; empty for what is seen best where it is set. */
const shown = ({ title, message, maxDownloads }: Values) =>
  String(title ?? message ?? maxDownloads ?? "")

type ProblemButtonProps = { onClick: () => void; children: ReactNode }

const ProblemButton = ({ onClick, children }: ProblemButtonProps) => (
  <button
    type="button"
    className="rounded-md font-semibold text-accent underline-offset-3 hover:underline"
    onClick={({ currentTarget }) => {
      focusFirst(currentTarget.closest("[data-setting]"))
      onClick()
    }}
  >
    {children}
  </button>
)
