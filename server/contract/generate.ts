/**
 * Writes the contract for the other language: JSON Schema from zod, and pydantic models from that JSON Schema.
 * Both files are committed. `--check` writes nothing and fails, naming the file, when one no longer matches.
 *
 *   npm run contract          npm run contract:check
 *
 * Needs the Python environment's `datamodel-codegen`; ARCHLOOM_PYTHON names another interpreter than the usual one.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

import { chunkSchema, runEventSchema } from "./events";
import { generateArgsSchema } from "./jobs";
import * as runConfig from "./run-config";
import * as tasks from "./tasks";
import * as words from "./words";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schemaFile = "server/contract/schema/contract.json";
const pythonFile = "gpu-worker/src/archloom/contract/generated.py";

/** Python name -> schema. Every object and every word list that the worker reads or writes. */
const exported: Record<string, z.ZodType> = {
  DesiredState: z.enum(words.desiredStates),
  RunState: z.enum(words.runStates),
  CycleStage: z.enum(words.cycleStages),
  CandidateState: z.enum(words.candidateStates),
  EvaluationState: z.enum(words.evaluationStates),
  Outcome: z.enum(words.outcomes),
  JobKind: z.enum(words.jobKinds),
  JobState: z.enum(words.jobStates),
  AttemptEnding: z.enum(words.attemptEndings),
  AdapterState: z.enum(words.adapterStates),
  NoveltyBasis: z.enum(words.noveltyBases),
  SelectionReason: z.enum(words.selectionReasons),
  Requester: z.enum(words.requesters),
  ProtectionLevel: z.enum(words.protectionLevels),
  WorkerState: z.enum(words.workerStates),
  TaskKind: z.enum(words.taskKinds),
  TaskState: z.enum(words.taskStates),
  Backend: z.enum(words.backends),
  Quantization: z.enum(words.quantizations),
  NoveltyTests: z.enum(words.noveltyTests),
  AdapterMode: z.enum(words.adapterModes),
  PromptKind: z.enum(words.promptKinds),
  CorpusSplit: z.enum(words.corpusSplits),
  ExportFormat: z.enum(words.exportFormats),
  FindingVerdict: z.enum(words.findingVerdicts),
  GenerationConfig: runConfig.generationConfigSchema,
  NoveltyConfig: runConfig.noveltyConfigSchema,
  SelectionConfig: runConfig.selectionConfigSchema,
  LoraConfig: runConfig.loraConfigSchema,
  LoopConfig: runConfig.loopConfigSchema,
  PromptConfig: runConfig.promptConfigSchema,
  RunConfig: runConfig.runConfigSchema,
  CheckCorpusArgs: tasks.checkCorpusArgsSchema,
  CorpusCheck: tasks.corpusCheckSchema,
  ImportCorpusArgs: tasks.importCorpusArgsSchema,
  CorpusImport: tasks.corpusImportSchema,
  ExportNetworksArgs: tasks.exportNetworksArgsSchema,
  ExportedNetworks: tasks.exportedNetworksSchema,
  FetchDataArgs: tasks.fetchDataArgsSchema,
  FetchedData: tasks.fetchedDataSchema,
  CheckModelArgs: tasks.checkModelArgsSchema,
  ModelCheck: tasks.modelCheckSchema,
  PreviewPromptArgs: tasks.previewPromptArgsSchema,
  PromptPreview: tasks.promptPreviewSchema,
  TaskProgress: tasks.taskProgressSchema,
  GenerateArgs: generateArgsSchema,
  Chunk: chunkSchema,
  ...Object.fromEntries(runEventSchema.options.map((option) => [eventName(option.shape.type.value), option])),
};

/** `batch_started` -> `BatchStartedEvent`. */
function eventName(type: string): string {
  const parts = type.split("_").map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return `${parts.join("")}Event`;
}

function contractSchema(): string {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(exported)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/$defs/${id}` });
  const definitions = Object.entries(schemas).map(([id, schema]) => {
    const { $schema: _, $id: __, ...definition } = schema;
    return [id, definition] as const;
  });
  const document = { $schema: "https://json-schema.org/draft/2020-12/schema", $defs: Object.fromEntries(definitions) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function pythonModels(schema: string): string {
  const folder = mkdtempSync(join(tmpdir(), "archloom-contract-"));
  try {
    const input = join(folder, "contract.json");
    const output = join(folder, "generated.py");
    writeFileSync(input, schema);
    const python = process.env.ARCHLOOM_PYTHON ?? join(root, ".archloom/venv/bin/python");
    execFileSync(python, ["-m", "datamodel_code_generator", "--input", input, "--output", output, ...generatorOptions], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    return readFileSync(output, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const generatorOptions = [
  ["--input-file-type", "jsonschema"],
  ["--output-model-type", "pydantic_v2.BaseModel"],
  ["--target-python-version", "3.11"],
  ["--enum-field-as-literal", "all"],
  ["--field-constraints"],
  ["--use-annotated"],
  ["--use-type-alias"],
  ["--skip-root-model"],
  ["--use-one-literal-as-default"],
  ["--use-standard-collections"],
  ["--use-union-operator"],
  ["--use-field-description"],
  ["--enable-faux-immutability"],
  ["--extra-fields", "forbid"],
  ["--disable-timestamp"],
  ["--formatters", "builtin"],
  ["--custom-file-header", '"""Generated from server/contract by `npm run contract`. Edit the zod schemas, not this file."""'],
].flat();

const schema = contractSchema();
const files: Record<string, string> = { [schemaFile]: schema, [pythonFile]: pythonModels(schema) };
const isCheck = process.argv.includes("--check");
for (const [file, text] of Object.entries(files)) {
  if (!isCheck) {
    writeFileSync(join(root, file), text);
  } else if (readFileSync(join(root, file), "utf8") !== text) {
    console.error(`${file} does not match the contract in server/contract. Run: npm run contract`);
    process.exitCode = 1;
  }
}
