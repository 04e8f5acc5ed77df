import { useState } from "react"

/** State that starts from a value of the page, and follows it when the page is refreshed. */
export function useLatest<Value>(given: Value): [Value, (value: Value) => void] {
  const [seen, setSeen] = useState(given)
  const [latest, setLatest] = useState(given)
  if (given !== seen) {
    setSeen(given)
    setLatest(given)
  }
  return [latest, setLatest]
}
