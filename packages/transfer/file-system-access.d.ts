// Types that TypeScript's DOM library lacks: https://wicg.github.io/file-system-access/ and
// https://fs.spec.whatwg.org/. Some browsers lack them too, so they are optional.

interface FileSystemHandle {
  requestPermission?(descriptor: { mode: "read" }): Promise<PermissionState>
}

interface FileSystemDirectoryHandle {
  values(): AsyncIterableIterator<FileSystemHandle>
}

interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

interface Window {
  showOpenFilePicker?(options: { multiple: boolean }): Promise<FileSystemFileHandle[]>
}

interface FileSystemFileHandle {
  /** Available only in workers. */
  createSyncAccessHandle?(): Promise<FileSystemSyncAccessHandle>
}

interface FileSystemSyncAccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}
