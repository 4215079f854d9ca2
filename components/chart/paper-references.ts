import { paper } from "../../server/contract/paper";

/** A figure that the paper prints, as a share. */
export interface PaperReference {
  label: string;
  value: number;
}

const toReferences = (values: Record<string, number>): PaperReference[] => Object.entries(values).map(([label, value]) => ({ label, value }));

/** The paper's figures for the charts of a run on its data. */
export const paperReferences = {
  valid: toReferences(paper.valid_rate),
  accuracy: toReferences(paper.accuracy_mean),
  share: toReferences(paper.share_above_threshold),
};
