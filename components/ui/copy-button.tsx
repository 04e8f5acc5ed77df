"use client"

import { Check, Copy } from "lucide-react"
import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { buttonClass } from "./button-class.ts"
import { classNames } from "./class-names.ts"
import { copyText } from "./copy-text.ts"

/** Copies a text shown beside it, which can be selected where the browser forbids copying. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useTranslations("common")
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_500)
    return () => clearTimeout(timer)
  }, [copied])

  return (
    <span className="needs-script">
      <button
        type="button"
        aria-label={label}
        onClick={async () => setCopied(await copyText(text))}
        className={classNames(buttonClass({ variant: "text", size: "sm" }), "-ml-3.25")}
      >
        {copied ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
        {copied ? t("copied") : t("copy")}
      </button>
      <span role="status" className="sr-only">
        {copied && t("copied")}
      </span>
    </span>
  )
}
