// Types that TypeScript's DOM library lacks: https://wicg.github.io/file-system-access/
// Only Chromium implements them, so they are optional.

interface FileSystemHandle {
  requestPermission?(descriptor: { mode: "read" | "readwrite" }): Promise<PermissionState>
  remove?(): Promise<void>
}

interface Window {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>
}

interface FileSystemFileHandle {
  /** Available only in workers: https://fs.spec.whatwg.org/ */
  createSyncAccessHandle?(): Promise<FileSystemSyncAccessHandle>
}

interface FileSystemSyncAccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}
