import { Fragment } from "react"

/** A file's name that breaks after its own separators before it breaks anywhere else. */
export function FileName({ name }: { name: string }) {
  let at = 0
  return name.split(/(?<=[-_.,)\]])/).map((piece) => {
    at += piece.length
    return (
      <Fragment key={at}>
        {piece}
        {at < name.length && <wbr />}
      </Fragment>
    )
  })
}
