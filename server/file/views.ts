export interface StoredFileView {
  /** `F5`. */
  id: string;
  name: string;
  bytes: number;
}
