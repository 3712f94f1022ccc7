declare module 'write-file-atomic' {
  /** Writes to a file beside it and renames that over the target; mode and owner stay. */
  export default function writeFileAtomic(path: string, data: Buffer): Promise<void>;
}
