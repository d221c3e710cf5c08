// Translates a checked program to TypeScript. The result serves two judges: `tsc` judges it with the
// types Pulumi publishes, and the SDK's mocks run it, so every interpolation really resolves.
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { home } from "./places.mjs";

const PRELUDE = `import * as fs from "node:fs";
import * as crypto from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
const some = <T>(o: pulumi.Output<T>) => o as unknown as pulumi.Output<NonNullable<T>>;
const at = <T, K extends keyof T>(o: pulumi.Output<T>, k: K) => o.apply((v: any) => v?.[k]) as unknown as pulumi.Output<NonNullable<T[K]>>;
const str = (x: pulumi.Input<string | number | boolean>) => pulumi.output(x).apply((v: any) => String(v));
const join = (d: pulumi.Input<string>, l: pulumi.Input<pulumi.Input<string>[]>) => pulumi.all([d, l]).apply(([a, b]: any) => b.join(a) as string);
const split = (d: pulumi.Input<string>, s: pulumi.Input<string>) => pulumi.all([d, s]).apply(([a, b]: any) => b.split(a) as string[]);
const select = <T>(i: pulumi.Input<number>, l: pulumi.Output<T[]>) => pulumi.all([i, l]).apply(([a, b]: any) => b[a]) as unknown as pulumi.Output<T>;
const one = <T>(l: pulumi.Output<T[]>) => l.apply((v: any) => v[0]) as unknown as pulumi.Output<T>;
const length = (l: pulumi.Input<any>) => pulumi.output(l).apply((v: any) => v.length as number);
const encode = (s: pulumi.Input<string>) => pulumi.output(s).apply((v: any) => Buffer.from(v).toString("base64"));
const decode = (s: pulumi.Input<string>) => pulumi.output(s).apply((v: any) => Buffer.from(v, "base64").toString());
const sha1 = (s: pulumi.Input<string>) => pulumi.output(s).apply((v: any) => crypto.createHash("sha1").update(v).digest("hex"));
const read = (s: pulumi.Input<string>, how?: "base64") => pulumi.output(s).apply((v: any) => fs.readFileSync(v, how ?? "utf8"));
const hash = (s: pulumi.Input<string>) => pulumi.output(s).apply((v: any) => crypto.createHash("sha256").update(fs.readFileSync(v)).digest("base64"));
const info = { cwd: process.cwd(), project: pulumi.getProject(), stack: pulumi.getStack(), organization: pulumi.getOrganization(), rootDirectory: process.cwd() };
`;

const FUNCTIONS = {
  "fn::toJSON": "pulumi.jsonStringify", "fn::secret": "pulumi.secret", "fn::toBase64": "encode", "fn::fromBase64": "decode",
  "fn::readFile": "read", "fn::filebase64sha256": "hash", "fn::sha1": "sha1", "fn::length": "length",
  "fn::stringAsset": "new pulumi.asset.StringAsset", "fn::fileAsset": "new pulumi.asset.FileAsset",
  "fn::remoteAsset": "new pulumi.asset.RemoteAsset", "fn::fileArchive": "new pulumi.asset.FileArchive",
  "fn::remoteArchive": "new pulumi.asset.RemoteArchive", "fn::assetArchive": "new pulumi.asset.AssetArchive",
};

/** Emits the program as one TypeScript module; declarations follow the dependency order. */
export function toTypeScript(program, checker) {
  const e = new Emitter(program, checker);
  const body = [];
  for (const name of checker.order) {
    const { kind, decl } = checker.nodes.get(name);
    if (kind === "config") body.push(e.config(name, decl));
    else if (kind === "variable") body.push(`const ${e.id(name)} = ${e.expr(decl.expr)};`);
    else body.push(e.resource(name, decl));
  }
  const outputs = Object.entries(program.outputs).map(([k, o]) => `  ${JSON.stringify(k)}: ${e.expr(o.expr)},`);
  body.push(`export default {\n${outputs.join("\n")}\n};`);
  return PRELUDE + body.join("\n") + "\n";
}

class Emitter {
  constructor(program, checker) { Object.assign(this, { program, checker }); }

  id(name) { return `_${name.replace(/[^A-Za-z0-9]/g, (c) => `$${c.charCodeAt(0)}`)}`; }

  config(name, c) {
    const type = typeof c.valueType === "string" ? c.valueType : "object";
    const getter = { string: "", number: "Number", boolean: "Boolean" }[type] ?? "Object<any>";
    const read = c.secret ? "Secret" : "";
    const key = JSON.stringify(name);
    const value = c.default ?? c.value;
    if (!value) return `const ${this.id(name)} = new pulumi.Config().require${read}${getter}(${key});`;
    return `const ${this.id(name)} = new pulumi.Config().get${read}${getter}(${key}) ?? ${this.expr(value)};`;
  }

  resource(name, r) {
    const type = r.token === "pulumi:pulumi:StackReference" ? "pulumi.StackReference" : `aws.${r.schema.ts}`;
    const logical = JSON.stringify(r.name ?? name);
    const options = this.options(r);
    if (r.get) return `const ${this.id(name)} = ${type}.get(${logical}, ${this.expr(r.get.id)}, ${this.record(r.get.state)}, ${options});`;
    const args = r.propertiesExpr ? this.expr(r.propertiesExpr) : this.record(r.properties);
    return `const ${this.id(name)} = new ${type}(${logical}, ${args}, ${options});`;
  }

  options(r) {
    const parts = [];
    const isProvider = r.token.startsWith("pulumi:providers:");
    const byDefault = Object.entries(this.program.resources).find(([, p]) => p.defaultProvider)?.[0];
    if (byDefault && !isProvider && !r.options.provider && r.token.startsWith("aws:")) parts.push(`provider: ${this.id(byDefault)}`);
    for (const [key, value] of Object.entries(r.options)) {
      if (value === undefined) continue;
      if (key === "customTimeouts") parts.push(`${key}: ${this.record(value)} as pulumi.CustomTimeouts`);
      else if (value.kind) parts.push(`${key}: ${this.expr(value)}`);
      else parts.push(`${key}: ${JSON.stringify(value)}`);
    }
    return `{ ${parts.join(", ")} }`;
  }

  record(values) {
    const entries = Object.entries(values).filter(([, v]) => v.kind !== "null");
    return `{ ${entries.map(([k, v]) => `${JSON.stringify(k)}: ${this.expr(v)}`).join(", ")} }`;
  }

  expr(e) {
    const code = this.plain(e);
    return { string: `str(${code})`, id: `${code}.id` }[e.coerce] ?? code;
  }

  plain(e) {
    switch (e.kind) {
      case "null": return "undefined as any";
      case "bool": case "number": case "string": return JSON.stringify(e.value);
      case "list": return `[${e.items.map((i) => this.expr(i)).join(", ")}]`;
      case "object": return `{ ${e.entries.map((x) => `${JSON.stringify(x.key)}: ${this.expr(x.value)}`).join(", ")} }`;
      case "symbol": return this.access(e.access);
      case "interpolate": {
        const parts = e.parts.flatMap((p) => [p.text && JSON.stringify(p.text), this.access(p.access)]);
        return `pulumi.concat(${[...parts, e.tail && JSON.stringify(e.tail)].filter(Boolean).join(", ")})`;
      }
      case "invoke": {
        if (e.std) return `pulumi.output(${this.record(e.args)}).apply(() => ${JSON.stringify(e.std.mock)})`;
        const call = `aws.${e.schema.ts}Output(${this.record(e.args)}, ${this.record(e.options)})`;
        return e.return ? `at(${call}, ${JSON.stringify(e.return)})` : call;
      }
      case "fn": return this.builtin(e);
    }
  }

  builtin({ fn, arg }) {
    const output = (x) => `pulumi.output(${this.expr(x)})`;
    switch (fn) {
      case "fn::join": case "fn::split": return `${fn.slice(4)}(${arg.items.map((i) => this.expr(i)).join(", ")})`;
      case "fn::select": return `select(${this.expr(arg.items[0])}, ${output(arg.items[1])})`;
      case "fn::singleOrNone": return `one(${output(arg)})`;
      case "fn::unsecret": return `pulumi.unsecret(${output(arg)})`;
      case "fn::filebase64": return `read(${this.expr(arg)}, "base64")`;
      case "fn::pulumiResourceName": return `pulumi.resourceName(${this.expr(arg)})`;
      case "fn::pulumiResourceType": return `pulumi.resourceType(${this.expr(arg)})`;
      case "fn::stackReference": return `new pulumi.StackReference(${this.expr(arg.items[0])}).getOutput(${this.expr(arg.items[1])})`;
      default: return `${FUNCTIONS[fn]}(${this.expr(arg)})`;
    }
  }

  access([head, ...rest]) {
    if (head === "pulumi") return `info.${rest.join(".")}`;
    const name = head.replace(`${this.program.name}:`, "");
    const node = this.checker.nodes.get(name);
    if (!rest.length) return this.id(name);
    let code;
    if (node.kind === "resource") code = `some(${this.id(name)}${member(rest.shift())})`;
    else code = `pulumi.output(${this.id(name)})`;
    for (const step of rest) code = `at(${code}, ${JSON.stringify(step)})`;
    return code;
  }
}

const member = (k) => (/^[A-Za-z_$][\w$]*$/.test(k) ? `.${k}` : `[${JSON.stringify(k)}]`);

// --------------------------------------------------------------------------------------- judging

/** Type checks generated modules together; returns the compiler's messages for each. */
export function tsc(codes) {
  const texts = new Map(codes.map((code, at) => [path.join(home, `__program${at}.ts`), code]));
  const options = {
    strict: true, noEmit: true, skipLibCheck: true, esModuleInterop: true, types: ["node"],
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10,
    typeRoots: [path.join(home, "node_modules", "@types")],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (f) => texts.has(f) || fileExists.call(host, f);
  host.readFile = (f) => texts.get(f) ?? readFile.call(host, f);
  host.getSourceFile = (f, ...rest) => (texts.has(f) ? ts.createSourceFile(f, texts.get(f), options.target, true) : getSourceFile.call(host, f, ...rest));
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts].map(([file, code]) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((d) => message(d, code)));
}

function message(d, code) {
  const { line, character } = d.file.getLineAndCharacterOfPosition(d.start);
  const subject = /^const (\S+)/.exec(code.split("\n")[line])?.[1] ?? `line ${line + 1}`;
  return `${subject} (column ${character + 1}): ${ts.flattenDiagnosticMessageText(d.messageText, " ").slice(0, 400)}`;
}

/** Writes runnable JavaScript for the mocks runner into `dir` and returns its path. */
export function transpile(code, dir) {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const file = path.join(dir, "program.cjs");
  fs.writeFileSync(file, ts.transpileModule(code, { compilerOptions }).outputText);
  return file;
}
