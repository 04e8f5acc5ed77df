// Types that TypeScript's DOM library and some browsers lack: https://fs.spec.whatwg.org/

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
