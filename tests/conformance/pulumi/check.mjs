#!/usr/bin/env node
// Judges Pulumi YAML programs, many at a time.
//
//   check.mjs [--tsc] [--run] [--translate DIR] [--plan] FILE...        prints JSON: {FILE: {problems, notes}}
//
// Always: language rules and the package schema.   --tsc: @pulumi/aws's own types.   --run: execution with SDK mocks.
// --translate writes DIR/<n>/main.tf.json for the n-th program, for `terraform validate`; --plan asks the provider for a plan.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { cache } from "./lib/places.mjs";
import { Diagnostics, parseProgram } from "./lib/program.mjs";
import { loadSchema } from "./lib/schema.mjs";
import { typecheck } from "./lib/typecheck.mjs";

/** Parses and checks a program's text; returns {program, checker, schema, diags}. */
export function check(text) {
  const diags = new Diagnostics();
  const program = parseProgram(text, diags);
  const schema = loadSchema();
  const checker = program && typecheck(program, schema, diags);
  return { program, checker, schema, diags };
}

/** Values for a program's required configuration, invented. */
export function configValues(program) {
  const values = {};
  for (const [key, c] of Object.entries(program.config)) {
    if (c.foreign || c.default || c.value) continue;
    values[key] = { number: 1, boolean: true, string: `example-${key}` }[c.valueType] ?? [];
  }
  return values;
}

const { toTypeScript, tsc, transpile } = await import("./lib/typescript.mjs");

/** A judge takes [{program, checker, report}] that are clean so far and adds to their reports. */
const judges = {
  tsc(cases) {
    tsc(cases.map((c) => toTypeScript(c.program, c.checker))).forEach((problems, at) => add(cases[at], "types", problems));
  },

  async run(cases) {
    const { runMocks } = await import("./lib/mocks.mjs");
    const dir = fs.mkdtempSync(path.join(cache, "run-"));
    // Beside the SDK, so that `require` finds it.
    fs.symlinkSync(path.join(path.dirname(new URL(import.meta.url).pathname), "node_modules"), path.join(dir, "node_modules"));
    try {
      const jobs = cases.map((c, at) => {
        const own = path.join(dir, `p${at}`);
        fs.mkdirSync(own);
        return { file: transpile(toTypeScript(c.program, c.checker), own), config: configValues(c.program), project: c.program.name };
      });
      runMocks(jobs, dir).forEach((answer, at) => add(cases[at], "run", answer.problems));
    } finally {
      fs.rmSync(dir, { recursive: true, force: true });
    }
  },

  async translate(cases, dir) {
    const { toTerraform } = await import("./lib/terraform.mjs");
    for (const c of cases) {
      const { document, notes } = toTerraform(c.program, c.checker);
      c.report.notes.push(...new Set(notes));
      fs.mkdirSync(path.join(dir, String(c.number)), { recursive: true });
      fs.writeFileSync(path.join(dir, String(c.number), "main.tf.json"), JSON.stringify(document, null, 1));
    }
  },

  async plan(cases) {
    const { toTerraform, judge } = await import("./lib/terraform.mjs");
    const { invent } = await import("./lib/mocks.mjs");
    for (const c of cases) {
      const { document } = toTerraform(c.program, c.checker, { mockData: (e) => invent(c.checker.schema, e) });
      add(c, "plan", judge(document, { plan: true, variables: configValues(c.program) }));
    }
  },
};

const add = (c, stage, problems) => c.report.problems.push(...problems.map((p) => `${stage}: ${p}`));

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { tsc: { type: "boolean" }, run: { type: "boolean" }, translate: { type: "string" }, plan: { type: "boolean" } },
  });
  const cases = positionals.map((file, number) => {
    const { program, checker, diags } = check(fs.readFileSync(file, "utf8"));
    const report = { problems: [], notes: [] };
    for (const { severity, pos, message } of diags.list) report[severity === "error" ? "problems" : "notes"].push(`${pos.line}:${pos.col}: ${message}`);
    return { file, number, program, checker, report };
  });
  for (const name of ["tsc", "run", "translate", "plan"]) {
    const clean = cases.filter((c) => !c.report.problems.length);
    if (values[name] && clean.length) await judges[name](clean, values[name]);
  }
  process.stdout.write(`${JSON.stringify(Object.fromEntries(cases.map((c) => [c.file, c.report])))}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
