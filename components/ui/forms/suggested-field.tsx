"use client"

import { type ComponentProps, useEffect, useId, useState } from "react"
import { Field } from "./field.tsx"

type SuggestedFieldProps = ComponentProps<typeof Field> & {
  /** Fetches texts to suggest, once. */
  suggest: (() => Promise<{ items: string[] }>) | undefined
}

/** A field that suggests texts, and takes any other. */
export function SuggestedField({ suggest, ...field }: SuggestedFieldProps) {
  const list = useId()
  const [suggested, setSuggested] = useState<string[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once
  useEffect(() => {
    // The suggestions are optional: a text can be typed without them.
    suggest?.().then(
      ({ items }) => setSuggested(items),
      () => {},
    )
  }, [])
  return (
    <>
      <Field {...field} {...(suggest && { list })} autoComplete="off" />
      {suggest && (
        <datalist id={list}>
          {suggested.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </>
  )
}
