export declare function memoryLimit(): number
export declare function heapOptions(limit?: number, given?: string): string[]
export declare const storeHeapOptions: string[]
export declare function databaseMemory(limit?: number): {
  shared_buffers: string
  maintenance_work_mem: string
}
