export declare function memoryLimit(): number
export declare const SMALL_SEMI_SPACE: number
export declare function heapOptions(limit?: number, given?: string, semiSpace?: number): string[]
export declare const storeHeapOptions: string[]
export declare function databaseMemory(limit?: number): {
  shared_buffers: string
  maintenance_work_mem: string
}
