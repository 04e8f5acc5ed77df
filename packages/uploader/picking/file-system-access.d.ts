// Types that TypeScript's DOM library lacks: https://wicg.github.io/file-system-access/
// Only Chromium implements them, so they are optional.

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
