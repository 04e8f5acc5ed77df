/** Set while a download of any link is unfinished, so that most pages load no script for it. */
const MARK = "lapse.unfinished-downloads"

export const isMarkedUnfinished = () => orElse(false, () => localStorage.getItem(MARK) !== null)

/** Records whether a download is unfinished. Without the mark nothing is offered after a reload. */
export function markUnfinished(isUnfinished: boolean) {
  orElse(undefined, () =>
    isUnfinished ? localStorage.setItem(MARK, "1") : localStorage.removeItem(MARK),
  )
}

/** Returns the fallback if storage throws, as in a browser that stores nothing. */
function orElse<Value>(fallback: Value, act: () => Value): Value {
  try {
    return act()
  } catch {
    return fallback
  }
}
