import type { ToFrame, ToPage, Wanted } from "./frame-messages.ts"

type Commands = { zoom: (scale: number) => void; goTo: (page: number) => void }

/** The frame's connection to the page around it. */
export type PagePort = ReturnType<typeof openPort>

export function openPort(port: MessagePort) {
  const answers = new Map<number, (bytes: Uint8Array | null) => void>()
  let commands: Commands | undefined
  let asked = 0
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if ("zoom" in data) commands?.zoom(data.zoom)
    else if ("goTo" in data) commands?.goTo(data.goTo)
    else {
      answers.get(data.answer)?.(data.bytes)
      answers.delete(data.answer)
    }
  }
  const tell = (message: ToPage) => port.postMessage(message)
  return {
    tell,
    /** Asks the page for bytes; null if it has none. */
    ask: (wanted: Wanted) =>
      new Promise<Uint8Array | null>((resolve) => {
        asked += 1
        answers.set(asked, resolve)
        tell({ ask: asked, ...wanted })
      }),
    isWaiting: () => answers.size > 0,
    obey: (given: Commands) => {
      commands = given
    },
  }
}
