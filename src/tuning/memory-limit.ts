/** TEMP */
export function limitMemory(_bytes: number): void {}
