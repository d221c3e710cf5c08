// Translates a checked program to Terraform JSON, so that the AWS provider behind pulumi-aws judges
// the values: CIDR blocks, enumerations, conflicting or missing arguments, JSON policies.
import fs from "node:fs";
import path from "node:path";
import { cache as cacheDir } from "./places.mjs";
import { RENAMES, loadTerraformSchema, pair, pairTypes, providerVersion, terraform, tfField } from "./bridge.mjs";

const invert = (pairs) => Object.fromEntries(Object.entries(pairs).map(([tf, { token }]) => [token, tf]));
const escape = (s) => s.replace(/\$\{/g, () => "$${").replace(/%\{/g, () => "%%{");
const quote = (s) => escape(JSON.stringify(s));
const INFO = { project: null, stack: "dev", organization: "organization", cwd: ".", rootDirectory: "." };

/** Returns {document, notes}: the Terraform JSON and what could not be carried over exactly. */
export function toTerraform(program, checker, { mockData } = {}) {
  return new Translator(program, checker, mockData).run();
}

let pairs; // pairing all types takes seconds; it is the same for every program

function typePairs(tf, schema) {
  pairs ??= {
    resourceTypes: invert(pairTypes(tf.resource_schemas, schema.resources)),
    dataTypes: invert(pairTypes(tf.data_source_schemas, schema.functions)),
  };
  return pairs;
}

class Translator {
  constructor(program, checker, mockData) {
    const tf = loadTerraformSchema();
    Object.assign(this, { program, checker, mockData, tf, types: checker.schema.types, notes: [] });
    Object.assign(this, typePairs(tf, checker.schema));
    this.pairings = new Map();
    this.doc = {
      terraform: { required_providers: { aws: { source: "hashicorp/aws", version: providerVersion() } } },
      provider: { aws: [] }, variable: {}, locals: {}, resource: {}, data: {}, output: {},
    };
  }

  run() {
    const { program, checker, doc } = this;
    for (const name of checker.order) {
      const { kind, decl } = checker.nodes.get(name);
      if (kind === "config") this.config(name, decl);
      else if (kind === "variable") doc.locals[ident(name)] = this.json(decl.expr);
      else if (decl.token === "pulumi:providers:aws") this.provider(name, decl);
      else this.resource(name, decl);
    }
    if (!doc.provider.aws.some((p) => !p.alias)) doc.provider.aws.unshift({ region: "eu-west-1", ...OFFLINE });
    for (const [name, o] of Object.entries(program.outputs)) doc.output[ident(name)] = { value: this.json(o.expr), sensitive: true };
    for (const key of Object.keys(doc)) if (!Object.keys(doc[key]).length) delete doc[key];
    return { document: doc, notes: this.notes };
  }

  config(name, c) {
    const type = { string: "string", number: "number", boolean: "bool" }[c.valueType] ?? "any";
    const value = c.default ?? c.value;
    this.doc.variable[ident(name)] = { type, ...(value ? { default: this.literal(value) } : {}), ...(c.secret ? { sensitive: true } : {}) };
  }

  provider(name, r) {
    const fields = pair(this.tf.provider.block, this.checker.schema.resources["pulumi:providers:aws"].inputs, this.types);
    const alias = r.defaultProvider ? {} : { alias: ident(name) };
    this.doc.provider.aws.push({ ...this.fields(r.properties, fields, name), ...alias, ...OFFLINE });
  }

  resource(name, r) {
    const type = this.resourceTypes[r.token];
    if (!type) return this.notes.push(`${name}: ${r.token} has no counterpart in the Terraform provider ${providerVersion()}`);
    if (r.get) return this.notes.push(`${name}: existing resources (get) are not translated`);
    const pairing = this.pairing(r.token);
    const body = this.fields(r.properties, pairing, name);
    this.autoname(type, name, r, pairing, body);
    const o = r.options;
    const references = (e) => (e.kind === "list" ? e.items : [e]).map((i) => this.address(i.access[0])).filter(Boolean);
    if (o.dependsOn) body.depends_on = references(o.dependsOn);
    if (o.provider) body.provider = this.providerOf(o.provider.access[0]);
    if (o.ignoreChanges) body.lifecycle = { ignore_changes: o.ignoreChanges.map((p) => this.tfPath(p, pairing)).filter(Boolean) };
    if (o.protect?.value) body.lifecycle = { ...body.lifecycle, prevent_destroy: true };
    if (o.customTimeouts) {
      const supported = this.tf.resource_schemas[type].block.block_types?.timeouts?.block.attributes ?? {};
      body.timeouts = Object.fromEntries(Object.entries(o.customTimeouts).filter(([k]) => supported[k]).map(([k, v]) => [k, this.json(v)]));
    }
    ((this.doc.resource[type] ??= {}))[ident(r.name ?? name)] = body;
    r.address = `${type}.${ident(r.name ?? name)}`;
  }

  /** Pulumi invents physical names; Terraform's required names get the logical name. */
  autoname(type, name, r, pairing, body) {
    for (const [prop, link] of Object.entries(pairing)) {
      if (!link.field.required || body[link.tf] !== undefined) continue;
      if (r.schema.inputs[prop] && !r.schema.inputs[prop].required && AUTONAMED.test(prop)) body[link.tf] = `${name.toLowerCase()}-1a2b3c4`;
      else this.notes.push(`${name}: ${type}.${link.tf} is required by Terraform but optional in Pulumi`);
    }
  }

  pairing(token) {
    if (!this.pairings.has(token)) {
      const type = this.resourceTypes[token];
      const spec = this.checker.schema.resources[token];
      this.pairings.set(token, pair(this.tf.resource_schemas[type].block, { ...spec.outputs, ...spec.inputs }, this.types, RENAMES[type]));
    }
    return this.pairings.get(token);
  }

  address(name) { return this.program.resources[name]?.address; }
  providerOf(name) { return this.program.resources[name].defaultProvider ? "aws" : `aws.${ident(name)}`; }
  tfPath(path, pairing) { return pairing[/^[^.[]+/.exec(path)[0]]?.tf; }

  // ------------------------------------------------------------------------------------- values

  fields(values, pairing, what) {
    const body = {};
    for (const [prop, e] of Object.entries(values)) {
      const link = pairing[prop];
      if (!link && prop === "keySchemas" && pairing.hashKey) { Object.assign(body, indexKeys(this.json(e))); continue; }
      if (!link) { this.notes.push(`${what}.${prop}: no counterpart in the Terraform provider ${providerVersion()}`); continue; }
      body[link.tf] = this.value(e, link, `${what}.${prop}`);
    }
    return body;
  }

  value(e, link, what) {
    if (e.kind === "fn" && e.fn === "fn::secret") return this.value(e.arg, link, what);
    if (e.kind === "fn" && /(Asset|Archive)$/.test(e.fn)) return e.arg.kind === "string" ? this.asset(e) : "asset.zip";
    if (link.nested && e.kind === "object" && link.field.collection !== "map") {
      const body = this.complete(this.entries(e, link.nested, what), link);
      return link.flattened ? [body] : body;
    }
    if (link.nested && e.kind === "list") {
      return e.items.map((i) => (i.kind === "object" ? this.complete(this.entries(i, link.nested, what), link) : this.json(i)));
    }
    const json = this.json(e);
    return link.flattened ? [json] : json;
  }

  asset(e) {
    if (e.fn.includes("remote")) return "remote.zip";
    const file = path.join(cacheDir, "placeholder.zip");
    if (!fs.existsSync(file)) fs.writeFileSync(file, "");
    return fs.existsSync(e.arg.value) ? path.resolve(e.arg.value) : file;
  }

  entries(e, nested, what) { return this.fields(Object.fromEntries(e.entries.map((x) => [x.key, x.value])), nested, what); }

  /** Attributes written like blocks need every member, null when unset. */
  complete(body, link) {
    if (link.field.block) return body;
    return { ...Object.fromEntries(Object.keys(link.field.fields.attributes).map((k) => [k, null])), ...body };
  }

  /** A literal value without any expression (variable defaults). */
  literal(e) {
    if (e.kind === "list") return e.items.map((i) => this.literal(i));
    if (e.kind === "object") return Object.fromEntries(e.entries.map((x) => [x.key, this.literal(x.value)]));
    return e.kind === "null" ? null : e.value;
  }

  json(e) {
    switch (e.kind) {
      case "null": return null;
      case "bool": case "number": return e.coerce ? String(e.value) : e.value;
      case "string": return escape(e.value);
      case "list": return e.items.map((i) => this.json(i));
      case "object": return Object.fromEntries(e.entries.map((x) => [x.key, this.json(x.value)]));
      case "interpolate": return this.template(e);
      default: return `\${${this.hcl(e)}}`;
    }
  }

  template(e) {
    return e.parts.map((p) => `${escape(p.text)}\${${this.access(p.access)}}`).join("") + escape(e.tail ?? "");
  }

  hcl(e) {
    switch (e.kind) {
      case "null": return "null";
      case "bool": case "number": return String(e.value);
      case "string": return quote(e.value);
      case "list": return `[${e.items.map((i) => this.hcl(i)).join(", ")}]`;
      case "object": return `{ ${e.entries.map((x) => `${quote(x.key)} = ${this.hcl(x.value)}`).join(", ")} }`;
      case "symbol": return this.access(e.access);
      case "interpolate": {
        const parts = e.parts.map((p) => `${quote(p.text).slice(1, -1)}\${${this.access(p.access)}}`).join("");
        return `"${parts}${quote(e.tail ?? "").slice(1, -1)}"`;
      }
      case "invoke": return e.std ? this.standard(e) : this.data(e);
      case "fn": return this.builtin(e);
    }
  }

  builtin({ fn, arg }) {
    const items = arg.items?.map((i) => this.hcl(i));
    const call = { "fn::toJSON": "jsonencode", "fn::toBase64": "base64encode", "fn::fromBase64": "base64decode", "fn::secret": "sensitive", "fn::unsecret": "nonsensitive", "fn::readFile": "file", "fn::filebase64": "filebase64", "fn::filebase64sha256": "filebase64sha256", "fn::sha1": "sha1", "fn::length": "length", "fn::singleOrNone": "one" }[fn];
    if (call) return `${call}(${this.hcl(arg)})`;
    if (fn === "fn::join" || fn === "fn::split") return `${fn.slice(4)}(${items.join(", ")})`;
    if (fn === "fn::select") return `${items[1]}[${items[0]}]`;
    return quote(`(${fn})`);
  }

  standard(e) {
    const values = Object.entries(e.args).map(([name, value]) => [name, this.hcl(value)]);
    return e.std.terraform(Object.fromEntries(values));
  }

  data(e) {
    const type = this.dataTypes[e.token];
    const name = `call_${e.pos.line}_${e.pos.col}`;
    const pairing = pair(this.tf.data_source_schemas[type].block, { ...e.schema.outputs, ...e.schema.inputs }, this.types);
    const path = e.return ? [e.return] : [];
    if (this.mockData) {
      this.doc.locals[name] = this.mockData(e);
      return path.reduce((code, step) => `${code}.${step}`, `local.${name}`);
    }
    ((this.doc.data[type] ??= {}))[name] = this.fields(e.args, pairing, e.token);
    return this.follow(`data.${type}.${name}`, path, pairing);
  }

  // ------------------------------------------------------------------------------------ references

  access([head, ...rest]) {
    if (head === "pulumi") return quote(INFO[rest[0]] ?? this.program.name);
    const name = head.replace(`${this.program.name}:`, "");
    const { kind, decl } = this.checker.nodes.get(name);
    if (kind === "config") return `var.${ident(name)}${steps(rest)}`;
    if (kind === "variable") {
      const call = decl.expr.kind === "invoke" && !decl.expr.return && !this.mockData;
      if (!call) return `local.${ident(name)}${steps(rest)}`;
      const { token, schema } = decl.expr;
      return this.follow(`local.${ident(name)}`, rest, pair(this.tf.data_source_schemas[this.dataTypes[token]].block, { ...schema.outputs, ...schema.inputs }, this.types));
    }
    const address = this.address(name);
    if (!address) return "null";
    if (!rest.length) return `${address}.id`;
    return this.follow(address, rest, this.pairing(decl.token));
  }

  /** Follows Pulumi property steps, undoing renames and flattening. */
  follow(code, rest, pairing) {
    let fields = pairing;
    let link;
    for (const step of rest) {
      if (typeof step === "number") { code = link?.field.collection === "set" ? `tolist(${code})[${step}]` : `${code}[${step}]`; continue; }
      if (!fields) { code += `[${quote(step)}]`; continue; }
      if (["id", "urn"].includes(step) && !fields[step]) { code += ".id"; continue; }
      link = fields[step];
      if (!link) { this.notes.push(`${code}: no counterpart for '${step}'`); return "null"; }
      code += `.${link.tf}`;
      if (link.flattened) code = link.field.collection === "set" ? `tolist(${code})[0]` : `${code}[0]`;
      fields = link.nested;
    }
    return code;
  }
}

const AUTONAMED = /name|family|bucket|^key$|identifier$|(group|cluster)id$/i;
const OFFLINE = { access_key: "mock", secret_key: "mock", skip_credentials_validation: true, skip_requesting_account_id: true, skip_metadata_api_check: true };
const ident = (name) => name.replace(/[^A-Za-z0-9_-]/g, "_").replace(/^(\d)/, "_$1");
const steps = (path) => path.map((s) => (typeof s === "number" ? `[${s}]` : `[${quote(s)}]`)).join("");

/** Validates (and optionally plans) a Terraform JSON document; returns the diagnostics. */
export function judge(document, { plan = false, variables = {} } = {}) {
  const dir = fs.mkdtempSync(path.join(cacheDir, "tf-"));
  try {
    fs.writeFileSync(path.join(dir, "main.tf.json"), JSON.stringify(document, null, 2));
    fs.writeFileSync(path.join(dir, "terraform.tfvars.json"), JSON.stringify(variables));
    const init = terraform(dir, "init", "-input=false");
    if (!init.ok) return [init.output];
    const result = JSON.parse(terraform(dir, "validate", "-json").output);
    const problems = result.diagnostics.filter((d) => d.severity === "error").map(describe);
    if (problems.length || !plan) return problems;
    const lines = terraform(dir, "plan", "-input=false", "-refresh=false", "-json").output.trim().split("\n").map((l) => JSON.parse(l));
    return lines.filter((l) => l.diagnostic?.severity === "error").map((l) => describe(l.diagnostic));
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

const describe = (d) => `${d.address ?? d.snippet?.context ?? "program"}: ${d.summary}${d.detail ? `: ${d.detail.replace(/\s+/g, " ").slice(0, 240)}` : ""}`;

/** Keys of a table's index: provider 5 has an argument for each, provider 6 a list. */
function indexKeys(keys) {
  const arguments_ = { HASH: "hash_key", RANGE: "range_key" };
  return Object.fromEntries(keys.map((it) => [arguments_[it.keyType], it.attributeName]));
}
