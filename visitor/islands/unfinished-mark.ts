/** Set while a download of any link is unfinished, so that most pages load nothing. */
const MARK = "lapse.unfinished-downloads"

export const isMarkedUnfinished = () => orElse(false, () => localStorage.getItem(MARK) !== null)

/** Without a mark nothing is offered after a reload. */
export function markUnfinished(isUnfinished: boolean) {
  orElse(undefined, () =>
    isUnfinished ? localStorage.setItem(MARK, "1") : localStorage.removeItem(MARK),
  )
}

/** A browser that stores nothing throws. */
function orElse<Value>(fallback: Value, act: () => Value): Value {
  try {
    return act()
  } catch {
    return fallback
  }
}
