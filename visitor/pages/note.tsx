import { LinkedText } from "#components/linked-text.tsx"

/** The sender's message, with its URLs as links. */
export function Note({ text, className }: { text: string; className: string }) {
  return (
    <p className={`max-w-[54ch] whitespace-pre-line wrap-anywhere ${className}`}>
      <LinkedText text={text} />
    </p>
  )
}
