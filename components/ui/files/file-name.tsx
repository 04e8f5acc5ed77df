import { Fragment } from "react"

/** A file's name that may wrap after its separators. */
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
