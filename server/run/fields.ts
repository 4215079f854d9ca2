import { z } from "zod";

import { runConfigSchema } from "../contract";
import type { FieldDescriptor } from "./views";

/** The parts of JSON Schema that the configuration's schema is written with. */
interface SchemaNode {
  type?: string;
  description?: string;
  properties?: Record<string, SchemaNode>;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** Every field of the run configuration, in the schema's order. */
export const configFields: FieldDescriptor[] = toFields(z.toJSONSchema(runConfigSchema) as SchemaNode, []);

function toFields(node: SchemaNode, path: string[]): FieldDescriptor[] {
  if (node.properties === undefined) return [toField(node, path.join("."))];
  return Object.entries(node.properties).flatMap(([key, child]) => toFields(child, [...path, key]));
}

function toField(node: SchemaNode, path: string): FieldDescriptor {
  return {
    path,
    type: toType(node, path),
    description: node.description ?? "",
    min: node.exclusiveMinimum ?? node.minimum ?? null,
    max: node.exclusiveMaximum ?? node.maximum ?? null,
    min_exclusive: node.exclusiveMinimum !== undefined,
    max_exclusive: node.exclusiveMaximum !== undefined,
    options: node.enum ?? null,
  };
}

function toType(node: SchemaNode, path: string): FieldDescriptor["type"] {
  switch (node.type) {
    case "integer":
    case "number":
    case "boolean":
      return node.type;
    case "array":
      return "list";
    case "string":
      return node.enum === undefined ? "text" : "choice";
    default:
      throw new Error(`the start form cannot show the configuration field ${path}`);
  }
}
