export type ToastInput = {
  title: string
  description?: string
  tone?: "plain" | "ok" | "danger"
  /** A button that also closes the toast. */
  action?: { label: string; onClick: () => void }
  /** Milliseconds until it disappears; 0 for never. */
  timeout?: number
}
