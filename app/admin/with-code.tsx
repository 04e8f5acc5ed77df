/** A command between backticks, or the name of a setting. */
const CODE = /`([^`]+)`|\b([A-Z][A-Z\d]*_[A-Z\d_]+)\b/

/** Renders a sentence with its commands and settings as code. */
export function WithCode({ text }: { text: string }) {
  return text.split(CODE).map((part, place) =>
    // Each match gives both groups, of which one is undefined.
    place % 3 === 0 || part === undefined ? (
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
    className="inline-block max-w-full rounded bg-selected px-1 text-[0.9em] text-ink"
  >
    {children}
  </code>
)
