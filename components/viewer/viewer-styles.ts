import { element } from "./element.ts"
import { host } from "./host.ts"

let loading: Promise<void> | undefined

/** Loads the styles of the viewer and of watermarks once. A failure is tried again. */
export function loadViewerStyles() {
  loading ??= new Promise<void>((resolve, reject) => {
    const href = host.assets?.styles ?? ""
    const styles = element("link", { rel: "stylesheet", href })
    styles.onload = () => resolve()
    styles.onerror = () => {
      loading = undefined
      styles.remove()
      reject(new Error("the viewer's styles were not loaded"))
    }
    document.head.append(styles)
  })
  return loading
}
