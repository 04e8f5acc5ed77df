import { describe, expect, it } from "vitest"
import { createBrowserTransport } from "../transport/browser-transport.ts"
import { droppedFiles } from "./dropped-files.ts"
import { pickedFiles } from "./picked-files.ts"

const never = () => Promise.reject(new Error("Not asked for."))

function aFileHandle(name: string): FileSystemFileHandle {
  return {
    kind: "file",
    name,
    isSameEntry: never,
    createWritable: never,
    getFile: async () => new File([name], name, { type: "text/plain" }),
  }
}

function aFolderHandle(name: string, children: FileSystemHandle[]): FileSystemDirectoryHandle {
  async function* values() {
    yield* children
  }
  async function* entries() {
    for (const child of children) yield [child.name, child]
  }
  return {
    kind: "directory",
    name,
    isSameEntry: never,
    getDirectoryHandle: never,
    getFileHandle: never,
    removeEntry: never,
    resolve: never,
    values,
    entries,
    keys: entries,
    [Symbol.asyncIterator]: entries,
  } as FileSystemDirectoryHandle
}

const anItem = (
  name: string,
  getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>,
): DataTransferItem => ({
  kind: "file",
  type: "",
  getAsFile: () => new File([name], name),
  getAsString: () => {},
  webkitGetAsEntry: () => null,
  ...(getAsFileSystemHandle && { getAsFileSystemHandle }),
})

const seen = (sources: Awaited<ReturnType<typeof droppedFiles>>) =>
  sources.map(({ path, name, handle }) => [path, name, handle?.name ?? null])

describe("dropped files", () => {
  it("come with their folders and with handles that can be stored", async () => {
    const holiday = aFolderHandle("holiday", [
      aFileHandle("a.jpg"),
      aFolderHandle("day 2", [aFileHandle("b.jpg"), aFileHandle("a.jpg")]),
    ])
    const items = [
      anItem("one.txt", async () => aFileHandle("one.txt")),
      anItem("holiday", async () => holiday),
    ]

    expect(seen(await droppedFiles({ items }))).toEqual([
      ["", "one.txt", "one.txt"],
      ["holiday", "a.jpg", "a.jpg"],
      ["holiday/day 2", "b.jpg", "b.jpg"],
      ["holiday/day 2", "a.jpg", "a.jpg"],
    ])
  })

  it("come without handles where the browser gives none", async () => {
    const items = [
      anItem("old"),
      anItem("refused", () => Promise.reject(new DOMException("no", "SecurityError"))),
      anItem("made by a script", async () => null),
    ]

    expect(seen(await droppedFiles({ items }))).toEqual([
      ["", "old", null],
      ["", "refused", null],
      ["", "made by a script", null],
    ])
  })

  it("include the one that cannot be read by name, and the others", async () => {
    const locked = { ...aFileHandle("locked.doc"), getFile: () => Promise.reject(new Error("no")) }
    const items = [
      anItem("holiday", async () =>
        aFolderHandle("holiday", [aFileHandle("a.jpg"), locked, aFileHandle("b.jpg")]),
      ),
    ]
    const sources = await droppedFiles({ items })

    expect(sources.map(({ name }) => name)).toEqual(["a.jpg", "locked.doc", "b.jpg"])
    const { isReadable } = createBrowserTransport("/files")
    const readable = sources.map(({ body }) => isReadable(body))
    expect(await Promise.all(readable)).toEqual([true, false, true])
  })

  it("are all read before the first await, after which a drop is empty", async () => {
    let isOver = false
    const taken = (name: string) => ({
      ...anItem(name, async () => {
        if (isOver) throw new Error("too late")
        return aFileHandle(name)
      }),
    })
    const dropped = droppedFiles({ items: [taken("a"), taken("b"), taken("c")] })
    isOver = true

    expect(seen(await dropped).map(([, , handle]) => handle)).toEqual(["a", "b", "c"])
  })
})

describe("picked files", () => {
  it("keep the folders of a picked folder", async () => {
    const file = new File(["x"], "b.jpg")
    Object.defineProperty(file, "webkitRelativePath", { value: "holiday/day 2/b.jpg" })

    expect(seen(await pickedFiles([file]))).toEqual([["holiday/day 2", "b.jpg", null]])
  })

  it("have no additional folder for a backslash in a name, which Chromium writes as a slash", async () => {
    const file = new File(["x"], "back\\slash.txt")
    Object.defineProperty(file, "webkitRelativePath", { value: "holiday/back/slash.txt" })

    expect(seen(await pickedFiles([file]))).toEqual([["holiday", "back\\slash.txt", null]])
  })
})
