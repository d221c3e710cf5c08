#!/usr/bin/env node
// Prints what npm's @pulumi/aws says about the given tokens, in the format of make_schemas.py.
import { loadSchema, resolveToken } from "./lib/schema.mjs";

const schema = loadSchema();
const shapes = {};
const table = { source: `@pulumi/aws ${schema.version}`, resources: {}, lookups: {}, shapes };

const flags = (f) => ({ ...(f.required ? { required: true } : {}), ...(f.deprecated ? { deprecated: true } : {}) });
const fieldsOf = (fields) => Object.fromEntries(Object.entries(fields).map(([k, f]) => [k, { ...typeOf(f.type), ...flags(f) }]));

function typeOf(t) {
  if (t === undefined || t === "any") return { type: "any" };
  if (t === "boolean") return { type: "bool" };
  if (t === "asset" || t === "archive") return { type: "any" };
  if (typeof t === "string") return { type: t };
  if (t.array) return { type: "list", item: typeOf(t.array) };
  if (t.map) return { type: "map", item: typeOf(t.map) };
  if (t.enum) return { type: "string" };
  if (t.resource) return { type: "string" };
  if (t.union) return typeOf(t.union.find((u) => u.enum || u === "string") ?? t.union[0]);
  if (!(t.ref in shapes)) {
    shapes[t.ref] = {}; // a record may mention itself
    shapes[t.ref] = fieldsOf(schema.types[t.ref] ?? {});
  }
  return { type: "object", shape: t.ref };
}

for (const token of process.argv.slice(2)) {
  const resource = resolveToken(token, { entries: schema.resources });
  const fn = resolveToken(token, { entries: schema.functions });
  // What can be set can be read as well; the rest are the outputs.
  const readable = (spec) => Object.fromEntries(Object.entries(spec.outputs).filter(([k]) => !(k in spec.inputs)));
  const entry = (spec, more) => ({ properties: fieldsOf(spec.inputs), outputs: { ...fieldsOf(readable(spec)), id: { type: "string" } }, ...more });
  if (resource) table.resources[token] = entry(schema.resources[resource], schema.resources[resource].deprecated ? { deprecated: true } : {});
  if (fn) table.lookups[token] = entry(schema.functions[fn], {});
}
process.stdout.write(JSON.stringify(table));
