// Derives the AWS package schema (resources, functions, nested types, enums, secrets) from the
// published npm package @pulumi/aws: types come from its .d.ts files, tokens, aliases, defaults
// and secret markers from the generated .js files beside them.
//
// A type is one of
//   "string" | "number" | "boolean" | "any" | "asset" | "archive"
//   {array: T} | {map: T} | {union: [T...]} | {ref: "in:alb.X" | "out:alb.X"} | {enum: "ec2.Y"}
//   {resource: "Role"}
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import ts from "typescript";
import { cache as cacheDir } from "./places.mjs";

const FORMAT = 6; // bump when the shape of the cached schema changes
const require = createRequire(import.meta.url);

/** Folder of the installed npm package. */
export function packageDir() {
  return path.dirname(require.resolve("@pulumi/aws/package.json"));
}

let loaded;

/** The schema, from the cache if the same package version was read before. */
export function loadSchema() {
  loaded ??= readSchema();
  return loaded;
}

function readSchema() {
  const dir = packageDir();
  const { version } = JSON.parse(fs.readFileSync(path.join(dir, "package.json"), "utf8"));
  const cache = path.join(cacheDir, `aws-${version}-f${FORMAT}.json`);
  if (fs.existsSync(cache)) return JSON.parse(fs.readFileSync(cache, "utf8"));
  const schema = extract(dir, version);
  fs.writeFileSync(cache, JSON.stringify(schema));
  return schema;
}

function extract(dir, version) {
  const schema = { version, resources: {}, functions: {}, types: {}, enums: {} };
  readEnums(path.join(dir, "types", "enums"), "", schema.enums);
  readTypes(path.join(dir, "types", "input.d.ts"), "in", schema);
  readTypes(path.join(dir, "types", "output.d.ts"), "out", schema);
  for (const folder of [dir, ...subfolders(dir)]) {
    const module = path.relative(dir, folder).split(path.sep).join(".");
    if (module.startsWith("types") || module.startsWith("node_modules")) continue;
    for (const file of fs.readdirSync(folder)) {
      if (!file.endsWith(".d.ts") || file === "index.d.ts") continue;
      const js = path.join(folder, file.replace(/\.d\.ts$/, ".js"));
      if (fs.existsSync(js)) readModule(path.join(folder, file), fs.readFileSync(js, "utf8"), module, schema);
    }
  }
  resolveBareNames(schema);
  return schema;
}

/** Older .d.ts files name enums without their module; everything else unresolved is a resource class. */
function resolveBareNames(schema) {
  const byName = new Map(Object.keys(schema.enums).map((k) => [k.split(".").pop(), k]));
  const classes = new Set(Object.values(schema.resources).map((r) => r.ts.split(".").pop()));
  const fix = (t) => {
    if (!t || typeof t === "string") return t;
    if (t.array) return { array: fix(t.array) };
    if (t.map) return { map: fix(t.map) };
    if (t.union) return { union: t.union.map(fix) };
    if (t.resource && byName.has(t.resource)) return { enum: byName.get(t.resource) };
    if (t.resource && !classes.has(t.resource)) return "any";
    return t;
  };
  const objects = [
    ...Object.values(schema.types),
    ...Object.values(schema.functions).flatMap((f) => [f.inputs, f.outputs]),
    ...Object.values(schema.resources).flatMap((r) => [r.inputs, r.outputs, r.state]),
  ];
  for (const object of objects) for (const p of Object.values(object)) p.type = fix(p.type);
}

function subfolders(dir) {
  return fs.readdirSync(dir, { withFileTypes: true })
    .filter((e) => e.isDirectory() && e.name !== "node_modules")
    .flatMap((e) => [path.join(dir, e.name), ...subfolders(path.join(dir, e.name))]);
}

const parse = (file) => ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);

// ---------------------------------------------------------------- one resource or function file

function readModule(dts, js, module, schema) {
  const token = /__pulumiType = '([^']+)'/.exec(js)?.[1];
  const invoke = /pulumi\.runtime\.invoke(?:SingleOutput)?\("([^"]+)"/.exec(js)?.[1];
  if (!token && !invoke) return;
  const source = parse(dts);
  const interfaces = {};
  let className;
  let outputs = {};
  ts.forEachChild(source, (node) => {
    if (ts.isInterfaceDeclaration(node)) interfaces[node.name.text] = members(node);
    if (ts.isClassDeclaration(node) && !className) {
      className = node.name.text;
      for (const m of node.members) {
        const isStatic = m.modifiers?.some((x) => x.kind === ts.SyntaxKind.StaticKeyword);
        if (ts.isPropertyDeclaration(m) && !isStatic && m.name.getText() !== "__pulumiType") {
          outputs[m.name.getText()] = property(m);
        }
      }
    }
  });

  if (token && className) {
    const args = interfaces[`${className}Args`] ?? {};
    const secretNames = [
      ...[...js.matchAll(/resourceInputs\["(\w+)"\] = [^\n]*pulumi\.secret\(/g)].map((m) => m[1]),
      ...(/additionalSecretOutputs: \[([^\]]*)\]/.exec(js)?.[1].match(/\w+/g) ?? []),
    ];
    const provider = token === "aws";
    schema.resources[provider ? "pulumi:providers:aws" : token] = {
      ts: [module, className].filter(Boolean).join("."),
      inputs: args,
      outputs: provider ? {} : outputs,
      state: interfaces[`${className}State`] ?? {},
      secrets: [...new Set(secretNames)],
      aliases: [...js.matchAll(/\{ type: "([^"]+)" \}/g)].map((m) => m[1]),
      deprecated: /export declare class/.test(source.text) && /@deprecated[^*]*\*\/\s*export declare class/.test(source.text),
    };
  } else if (invoke && !token) {
    const name = invoke.split(":").pop();
    const pascal = name[0].toUpperCase() + name.slice(1);
    schema.functions[invoke] = {
      ts: [module, name].filter(Boolean).join("."),
      inputs: interfaces[`${pascal}Args`] ?? {},
      outputs: interfaces[`${pascal}Result`] ?? {},
    };
  }
}

function members(node) {
  const result = {};
  for (const m of node.members) {
    if (ts.isPropertySignature(m) && m.type) result[m.name.getText().replace(/["']/g, "")] = property(m);
  }
  return result;
}

function property(member) {
  const p = { type: typeOf(member.type) };
  if (!member.questionToken && !allowsUndefined(member.type)) p.required = true;
  if (ts.getJSDocDeprecatedTag(member)) p.deprecated = true;
  return p;
}

function allowsUndefined(node) {
  if (ts.isUnionTypeNode(node)) return node.types.some((t) => t.kind === ts.SyntaxKind.UndefinedKeyword);
  if (ts.isTypeReferenceNode(node) && node.typeArguments?.length) return allowsUndefined(node.typeArguments[0]);
  return false;
}

function typeOf(node) {
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword: return "string";
    case ts.SyntaxKind.NumberKeyword: return "number";
    case ts.SyntaxKind.BooleanKeyword: return "boolean";
    case ts.SyntaxKind.AnyKeyword: return "any";
  }
  if (ts.isParenthesizedTypeNode(node)) return typeOf(node.type);
  if (ts.isLiteralTypeNode(node)) return "string";
  if (ts.isArrayTypeNode(node)) return { array: typeOf(node.elementType) };
  if (ts.isUnionTypeNode(node)) {
    const parts = node.types.filter((t) => t.kind !== ts.SyntaxKind.UndefinedKeyword).map(typeOf);
    const unique = [...new Map(parts.map((p) => [JSON.stringify(p), p])).values()];
    return unique.length === 1 ? unique[0] : { union: unique };
  }
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index ? { map: typeOf(index.type) } : "any";
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    if (["pulumi.Input", "pulumi.Output", "Promise"].includes(name)) return typeOf(node.typeArguments[0]);
    if (name.startsWith("inputs.")) return { ref: `in:${name.slice(7)}` };
    if (name.startsWith("outputs.")) return { ref: `out:${name.slice(8)}` };
    if (name.startsWith("enums.")) return { enum: name.slice(6) };
    if (name === "pulumi.asset.Archive") return "archive";
    if (name === "pulumi.asset.Asset") return "asset";
    if (/(^|\.)ARN$/.test(name) || name === "pulumi.ID") return "string";
    if (/PolicyDocument$/.test(name)) return "any";
    const last = name.split(".").pop();
    return { resource: last };
  }
  return "any";
}

// ------------------------------------------------------------------------ nested types and enums

function readTypes(file, side, schema) {
  const visit = (node, prefix) => {
    if (ts.isInterfaceDeclaration(node)) schema.types[`${side}:${prefix}${node.name.text}`] = members(node);
    else if (ts.isModuleDeclaration(node)) node.body.statements.forEach((s) => visit(s, `${prefix}${node.name.text}.`));
  };
  parse(file).statements.forEach((s) => visit(s, ""));
}

function readEnums(folder, prefix, enums) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) readEnums(path.join(folder, entry.name), `${prefix}${entry.name}.`, enums);
    if (entry.name !== "index.d.ts") continue;
    const text = fs.readFileSync(path.join(folder, entry.name), "utf8");
    for (const [, name, body] of text.matchAll(/export declare const (\w+): \{([^}]*)\}/g)) {
      enums[`${prefix}${name}`] = [...body.matchAll(/readonly \w+: ("[^"]*"|[\d.]+);/g)].map((m) => JSON.parse(m[1]));
    }
  }
}

// ------------------------------------------------------------------------------- token resolution

/** Resolves a type token the way pulumi-yaml does: canonical, `aws:ec2:Vpc`, or a case-insensitive match. */
export function resolveToken(token, table) {
  const parts = token.split(":");
  if (parts.length < 2 || parts.length > 3) return undefined;
  table.folded ??= new Map(Object.keys(table.entries).map((k) => [k.toLowerCase(), k]));
  const candidates = [token];
  if (parts.length === 2) {
    candidates.push(`${parts[0]}:index:${parts[1]}`, `${parts[0]}:index/${parts[1]}:${parts[1]}`);
  } else {
    candidates.push(`${parts[0]}:${parts[1]}/${parts[2]}:${parts[2]}`);
  }
  for (const c of candidates) {
    const hit = table.folded.get(c.toLowerCase());
    if (hit) return hit;
  }
  return undefined;
}
