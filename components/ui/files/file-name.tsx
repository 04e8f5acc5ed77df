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

/** A longer name would take more than three lines of a phone, or of a tile. */
const LONGEST = { row: 80, tile: 40 }
const KEPT_START = { row: 50, tile: 24 }
/** The number of characters kept at the end of a shortened name: its extension and a few more. */
const KEPT_END = 10

type RowFileNameProps = { name: string; place?: keyof typeof LONGEST }

/** The name of a file, a folder or a share in a list. Of a very long one, the middle is not drawn. */
export function RowFileName({ name, place = "row" }: RowFileNameProps) {
  if (name.length <= LONGEST[place]) return <bdi>{name}</bdi>
  return (
    <bdi>
      {name.slice(0, KEPT_START[place])}
      <span className="cut">{name.slice(KEPT_START[place], -KEPT_END)}</span>
      {name.slice(-KEPT_END)}
    </bdi>
  )
}

/** A file's name on one line. If it does not fit, its end stays visible. */
export function LineFileName({ name }: { name: string }) {
  const end = name.slice(-KEPT_END)
  return (
    <bdi className="block truncate" title={name}>
      <span
        className="inline-block truncate align-bottom"
        style={{ maxWidth: `calc(100% - ${end.length}ch)` }}
      >
        {name.slice(0, -KEPT_END)}
      </span>
      {end}
    </bdi>
  )
}
