export function memoryLimit(): number
export function heapOptions(limit?: number, given?: string): string[]
export const storeHeapOptions: string[]
export function databaseMemory(limit?: number): {
  shared_buffers: string
  maintenance_work_mem: string
}
