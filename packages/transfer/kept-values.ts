import "client-only"
import { createStore, del, get, keys, set, values } from "idb-keyval"

/** Values that the browser keeps across reloads, by key. No call throws if it keeps nothing. */
type KeptValues<Value> = {
  save(key: string, value: Value): Promise<void>
  find(key: string): Promise<Value | null>
  delete(key: string): Promise<void>
  keys(): Promise<string[]>
  list(): Promise<Value[]>
}

/** Keeps values in a store of an IndexedDB database, which is opened by the first call. */
export function createKeptValues<Value>(database: string, storeName: string): KeptValues<Value> {
  let opened: ReturnType<typeof createStore> | null = null
  const store = () => {
    opened ??= createStore(database, storeName)
    return opened
  }
  const orElse = async <Result>(fallback: Result, act: () => Promise<Result>) => {
    try {
      return await act()
    } catch {
      return fallback
    }
  }
  return {
    save: (key, value) => orElse(undefined, () => set(key, value, store())),
    find: (key) => orElse(null, async () => (await get<Value>(key, store())) ?? null),
    delete: (key) => orElse(undefined, () => del(key, store())),
    keys: () => orElse([], () => keys<string>(store())),
    list: () => orElse([], () => values<Value>(store())),
  }
}
