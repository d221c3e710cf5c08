// Runs translated programs with the Pulumi SDK's mocks: no CLI, engine, cloud or credentials.
// Every resource answers with its inputs plus invented values for the outputs its schema declares,
// so all interpolations, property accesses and functions resolve to concrete values.
//
// Run as a child process:  node lib/mocks.mjs JOBS.json  -> JSON on stdout
// where JOBS is a list of {file, project, config}. Answers a list of {resources, calls, outputs, problems}.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadSchema } from "./schema.mjs";

const self = fileURLToPath(import.meta.url);
const ACCOUNT = "123456789012";

/** Runs programs in one child process. */
export function runMocks(jobs, dir) {
  const list = path.join(dir, "jobs.json");
  fs.writeFileSync(list, JSON.stringify(jobs));
  return JSON.parse(execFileSync(process.execPath, [self, list], { maxBuffer: 1 << 29, stdio: ["ignore", "pipe", "pipe"] }));
}

/** Invents values for a schema type. */
class Inventor {
  constructor(schema) { this.schema = schema; }

  value(type, name, depth = 0) {
    if (type === "string") {
      if (/arn$/i.test(name)) return `arn:aws:mock:eu-west-1:${ACCOUNT}:${name.replace(/\W/g, "-")}`;
      if (/\.accountId$/.test(name)) return ACCOUNT;
      if (/\.(json|minifiedJson)$/.test(name)) return '{"Version":"2012-10-17","Statement":[]}';
      return `<${name}>`;
    }
    if (type === "number") return 1;
    if (type === "boolean") return false;
    if (type === "any" || depth > 4) return undefined;
    if (type.array) return [0, 1, 2].map((i) => this.value(type.array, `${name}[${i}]`, depth + 1));
    if (type.map) return { key: this.value(type.map, `${name}.key`, depth + 1) };
    if (type.union) return this.value(type.union[0], name, depth);
    if (type.enum) return this.schema.enums[type.enum][0];
    if (type.ref) return this.fill({}, this.schema.types[type.ref], name, depth + 1);
    return undefined;
  }

  /** Adds the missing fields of an object, keeping (and completing) the values that are given. */
  fill(given, fields, name, depth = 0) {
    const result = { ...given };
    for (const [key, f] of Object.entries(fields)) {
      const present = result[key];
      if (present === undefined) result[key] = this.value(f.type, `${name}.${key}`, depth);
      else result[key] = this.complete(present, f.type, `${name}.${key}`, depth);
    }
    return result;
  }

  complete(value, type, name, depth) {
    if (Array.isArray(value) && type.array) return value.map((v, i) => this.complete(v, type.array, `${name}[${i}]`, depth + 1));
    if (value && typeof value === "object" && type.ref) return this.fill(value, this.schema.types[type.ref], name, depth + 1);
    return value;
  }
}

/** Invented results of a function call expression, for callers that need data without a run. */
export function invent(schema, call) {
  const result = new Inventor(schema).fill({}, call.schema.outputs, call.token.split(":").pop());
  // Availability zones are the one result whose values providers check.
  if (call.token.endsWith("getAvailabilityZones")) result.names = ["a", "b", "c"].map((z) => `eu-west-1${z}`);
  return JSON.parse(JSON.stringify(result));
}

async function child(jobs) {
  const schema = loadSchema();
  const reports = [];
  for (const job of jobs) {
    try {
      reports.push(await runOne(job, schema));
    } catch (e) {
      reports.push({ resources: [], calls: [], outputs: {}, problems: [String(e.message ?? e).split("\n")[0]] });
    }
  }
  process.stdout.write(JSON.stringify(reports));
}

async function runOne({ file, config, project }, schema) {
  const require = createRequire(file);
  const pulumi = require("@pulumi/pulumi");
  const inventor = new Inventor(schema);
  const report = { resources: [], calls: [], outputs: {}, problems: [] };

  pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(config).map(([k, v]) => [k.includes(":") ? k : `${project}:${k}`, typeof v === "string" ? v : JSON.stringify(v)])));
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs, id }) {
      const spec = schema.resources[type];
      report.resources.push({ type, name, inputs });
      return { id: id || `<${name}.id>`, state: inventor.fill(inputs, spec?.outputs ?? {}, name) };
    },
    call({ token, inputs }) {
      const spec = schema.functions[token];
      report.calls.push({ token, inputs });
      return inventor.fill(inputs, spec?.outputs ?? {}, token.split(":").pop());
    },
  }, project, "dev", false, "organization");

  const outputs = require(file).default;
  const resolve = (o) => new Promise((ok) => pulumi.output(o).apply((v) => { ok(v); return v; }));
  for (const [name, value] of Object.entries(outputs)) report.outputs[name] = await resolve(value);
  await pulumi.runtime.disconnect();
  inspect(report);
  return report;
}

/** Looks for values that only come from a failed interpolation, and for broken JSON documents. */
function inspect(report) {
  const look = (value, where) => {
    if (typeof value === "string") {
      if (/Calling \[to(String|JSON)\]|\[object Object\]|\bundefined\b|\bNaN\b/.test(value)) report.problems.push(`${where}: badly resolved value "${value.slice(0, 80)}"`);
      if (/^\s*[[{]/.test(value) && !/^\[?</.test(value)) {
        try { JSON.parse(value); } catch { report.problems.push(`${where}: not valid JSON: ${value.slice(0, 80)}`); }
      }
    } else if (value && typeof value === "object") for (const [k, v] of Object.entries(value)) look(v, `${where}.${k}`);
  };
  for (const r of report.resources) look(r.inputs, r.name);
  for (const [k, v] of Object.entries(report.outputs)) {
    if (v === undefined) report.problems.push(`outputs.${k} resolved to nothing`);
    look(v, `outputs.${k}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await child(JSON.parse(fs.readFileSync(process.argv[2], "utf8")));
