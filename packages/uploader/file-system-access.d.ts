// What TypeScript's DOM does not know: https://wicg.github.io/file-system-access/
// Only Chromium has it, so everything that may be missing is optional.

interface FileSystemHandle {
  queryPermission?(descriptor: { mode: "read" }): Promise<PermissionState>
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
