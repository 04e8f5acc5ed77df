"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { copyText } from "#components/ui/forms/copy-text.ts"

/** Shows recovery codes once, to copy or save. */
export function RecoveryCodeList({ codes }: { codes: string[] }) {
  const t = useTranslations("accounts.secondFactor")
  const [copied, setCopied] = useState<boolean | null>(null)
  const text = codes.join("\n")
  return (
    <div className="flex w-full flex-col items-start gap-4">
      <p>{t("codesText")}</p>
      <ol
        aria-label={t("codes")}
        className="grid w-full max-w-110 grid-cols-[repeat(auto-fill,minmax(12.5rem,1fr))] gap-x-6 gap-y-1.5 rounded-[10px] bg-selected px-4 py-3.5 font-mono text-[0.9375rem] select-all"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-3">
        <Button variant="quiet" size="sm" onClick={async () => setCopied(await copyText(text))}>
          {t("copyCodes")}
        </Button>
        <a
          className="inline-flex items-center rounded-md px-2 text-sm text-accent hover:text-accent-hover"
          download="lapse-recovery-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
        >
          {t("saveCodes")}
        </a>
      </div>
      <p role="status" className="text-sm text-soft empty:hidden">
        {copied !== null && t(copied ? "codesCopied" : "codesNotCopied")}
      </p>
    </div>
  )
}
