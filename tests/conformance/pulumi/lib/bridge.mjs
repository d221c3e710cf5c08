// Pairs the Terraform AWS provider's schema with Pulumi's, since pulumi-aws is bridged from it:
// which Terraform type is which token, which argument is which property, and which nested
// blocks Pulumi flattens to a single object (the bridge's "MaxItemsOne").
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { cache as cacheDir } from "./places.mjs";

const SOURCE = "registry.terraform.io/hashicorp/aws";

// ------------------------------------------------------------------------- the Terraform provider

/** Finds a filesystem mirror that holds the AWS provider: $CONFORM_TF_PLUGIN_DIR, the CLI configuration, usual places. */
export function findMirror() {
  const configured = [process.env.CONFORM_TF_PLUGIN_DIR];
  for (const file of [process.env.TF_CLI_CONFIG_FILE, path.join(os.homedir(), ".terraformrc")]) {
    if (file && fs.existsSync(file)) configured.push(...[...fs.readFileSync(file, "utf8").matchAll(/path\s*=\s*"([^"]+)"/g)].map((m) => m[1]));
  }
  const usual = [path.join(os.homedir(), ".terraform.d"), "/usr/local/share/terraform", "/usr/share/terraform", "/opt", "/usr/local/lib"];
  const nested = usual.flatMap((d) => [d, ...(fs.existsSync(d) ? fs.readdirSync(d).map((e) => path.join(d, e)) : [])]);
  const hit = [...configured, ...nested].find((d) => d && fs.existsSync(path.join(d, SOURCE)));
  if (!hit) throw new Error(`no provider mirror with ${SOURCE} found; set CONFORM_TF_PLUGIN_DIR`);
  return hit;
}

/** Runs terraform in `dir` against the local mirror; returns {ok, output}. */
export function terraform(dir, ...args) {
  const rc = path.join(dir, "cli.tfrc");
  if (!fs.existsSync(rc)) fs.writeFileSync(rc, `provider_installation {\n  filesystem_mirror {\n    path = "${findMirror()}"\n  }\n}\n`);
  const env = { ...process.env, TF_CLI_CONFIG_FILE: rc, TF_IN_AUTOMATION: "1", AWS_EC2_METADATA_DISABLED: "true" };
  try {
    return { ok: true, output: execFileSync("terraform", [`-chdir=${dir}`, ...args], { env, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] }).toString() };
  } catch (e) {
    return { ok: false, output: `${e.stdout ?? ""}${e.stderr ?? e.message}` };
  }
}

export const providerVersion = () => fs.readdirSync(path.join(findMirror(), SOURCE)).sort().pop();

let loaded;

/** The provider's schema (resource_schemas, data_source_schemas, provider), cached. */
export function loadTerraformSchema() {
  loaded ??= readTerraformSchema();
  return loaded;
}

function readTerraformSchema() {
  const version = providerVersion();
  const cache = path.join(cacheDir, `terraform-aws-${version}.json`);
  if (!fs.existsSync(cache)) {
    const dir = fs.mkdtempSync(path.join(cacheDir, "schema-"));
    fs.writeFileSync(path.join(dir, "main.tf.json"), JSON.stringify({ terraform: { required_providers: { aws: { source: "hashicorp/aws", version } } } }));
    for (const args of [["init", "-input=false"], ["providers", "schema", "-json"]]) {
      const { ok, output } = terraform(dir, ...args);
      if (!ok) throw new Error(output);
      if (args[0] === "providers") fs.writeFileSync(cache, JSON.stringify(JSON.parse(output).provider_schemas[SOURCE]));
    }
    fs.rmSync(dir, { recursive: true });
  }
  return JSON.parse(fs.readFileSync(cache, "utf8"));
}

// ---------------------------------------------------------------------------------------- naming

/** The bridge's rule: snake_case to camelCase, other characters untouched. */
export const camel = (s) => s.replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase());

/** English plural of a snake_case name's last word, close to the inflector the bridge uses. */
export function pluralize(name) {
  if (/(data|info|information|metadata|equipment|series|sms|settings|s3|[^s]s)$/.test(name) && !/(address|access|alias|status|process|class|bus)$/.test(name)) return name;
  if (/(address|access|process|class|alias|bus|status|box|match|search|branch|patch|batch)$/.test(name)) return `${name}es`;
  if (/index$/.test(name)) return name.replace(/index$/, "indices");
  if (/[^aeiou]y$/.test(name)) return name.replace(/y$/, "ies");
  return `${name}s`;
}

const nested = (fields) => [...Object.entries(fields.attributes ?? {}), ...Object.entries(fields.block_types ?? {})];
const candidates = (name) => [camel(name), camel(pluralize(name)), camel(name.replace(/s$/, "")), camel(`${name}es`)];

/** Views a Terraform attribute or block as {kind, collection, fields, ...}. */
export function tfField(f) {
  if (f.block) return { block: true, collection: f.nesting_mode, fields: f.block, maxOne: f.max_items === 1, required: f.min_items > 0 };
  const [outer, inner] = Array.isArray(f.type) ? f.type : [f.type];
  const element = Array.isArray(inner) && inner[0] === "object" ? inner[1] : outer === "object" ? inner : undefined;
  const fields = element && { attributes: Object.fromEntries(Object.entries(element).map(([k, t]) => [k, { type: t, optional: true }])) };
  const pf = f.nested_type;
  if (pf) return { collection: pf.nesting_mode, fields: { attributes: pf.attributes }, required: f.required };
  return { collection: ["list", "set", "map"].includes(outer) ? outer : undefined, fields, required: f.required, computed: f.computed && !f.optional };
}

// ------------------------------------------------------------------------------ property pairing

// Properties that the bridge renames for one resource; everything else follows the naming rule.
const RENAMES = {
  aws_lambda_function: { filename: "code", function_name: "name" },
  aws_lambda_layer_version: { filename: "code" },
  aws_s3_bucket_website_configuration: { routing_rule: "routingRules", routing_rules: "routingRuleDetails" },
};

/** Pairs one Terraform block with Pulumi fields: {pulumiName: {tf, flattened, tfField, nested}}. */
export function pair(tfFields, pulumiFields, types, renames = {}) {
  const result = {};
  const open = [];
  for (const [tfName, spec] of nested(tfFields)) {
    const hit = renames[tfName] ?? candidates(tfName).find((c) => pulumiFields[c] && !result[c]);
    if (hit && pulumiFields[hit]) result[hit] = link(tfName, spec, pulumiFields[hit], types);
    else if (tfName !== "id") open.push([tfName, spec]);
  }
  // Leftovers that are alike are renames: a resource instead of its id (rest_api_id -> restApi),
  // or a shared last word (alarm_name -> name).
  const free = Object.keys(pulumiFields).filter((k) => !result[k] && k !== "urn");
  for (const [tfName, spec] of open) {
    const last = tfName.split("_").pop();
    const bare = camel(tfName.replace(/_(id|arn|name)$/, ""));
    const match = free.find((k) => !result[k] && k === bare)
      ?? free.find((k) => !result[k] && camel(tfName).toLowerCase() === k.toLowerCase())
      ?? free.find((k) => !result[k] && (k.toLowerCase().endsWith(last) || camel(tfName).toLowerCase().endsWith(k.toLowerCase())));
    if (match) result[match] = link(tfName, spec, pulumiFields[match], types);
  }
  return result;
}

function link(tfName, spec, field, types) {
  const tf = tfField(spec);
  const listy = ["list", "set"].includes(tf.collection);
  const array = arrayOf(field.type);
  const flattened = listy && !array;
  const element = array ?? field.type;
  const ref = refOf(element);
  return { tf: tfName, field: tf, flattened, nested: ref && tf.fields ? pair(tf.fields, types[ref] ?? {}, types) : undefined };
}

const arrayOf = (t) => t?.array ?? t?.union?.find((u) => u.array)?.array;
const refOf = (t) => t?.ref ?? t?.union?.find((u) => u.ref)?.ref ?? (t?.map ? refOf(t.map) : undefined);

// --------------------------------------------------------------------------------- type pairing

/**
 * Pairs Terraform types with tokens by comparing argument names with property names; ties (many
 * resources only have a name and tags) are decided by how alike the type's and token's names are.
 * Returns {tfType: {token, score}}.
 */
export function pairTypes(tfSchemas, pulumiTable) {
  const tokens = Object.entries(pulumiTable).filter(([t]) => t.startsWith("aws:")).map(([token, spec]) => ({
    token, props: new Set([...Object.keys(spec.inputs), ...Object.keys(spec.outputs)].filter((p) => p !== "id" && p !== "region")), words: wordsOfToken(token),
  }));
  const result = {};
  for (const [type, { block }] of Object.entries(tfSchemas)) {
    const args = nested(block).map(([n]) => n).filter((n) => n !== "id" && n !== "region" && n !== "timeouts");
    const names = args.map(candidates);
    const words = new Set(type.replace(/^aws_/, "").split("_"));
    let best = { score: -1 };
    for (const { token, props, words: tokenWords } of tokens) {
      const matched = names.filter((cs) => cs.some((c) => props.has(c))).length;
      const similarity = matched / (args.length + props.size - matched);
      if (similarity < 0.3) continue;
      const compact = [...tokenWords].join("") === [...words].join("") ? 0.2 : 0;
      const score = similarity + 0.45 * likeness(words, tokenWords) + compact;
      if (score > best.score) best = { token, score, similarity };
    }
    if (best.token) result[type] = { token: best.token, score: Number(best.score.toFixed(3)), similarity: Number(best.similarity.toFixed(3)) };
  }
  return result;
}

// Terraform's word -> Pulumi's module word, where the two name a service differently.
const SYNONYMS = { db: "rds", instance: "ec2instance", alb: "alb", lb: "lb", api: "apigateway", gateway: "apigateway", "config": "cfg", prometheus: "amp", elasticsearch: "elasticsearch" };

function wordsOfToken(token) {
  const [, module, name] = token.split(":");
  const split = (s) => s.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2").toLowerCase().split("_");
  return new Set([module.split("/")[0], ...split(name.replace(/^get/, ""))]);
}

function likeness(a, b) {
  const expanded = new Set([...a].flatMap((w) => (SYNONYMS[w] ? [w, SYNONYMS[w]] : [w])));
  const common = [...b].filter((w) => expanded.has(w)).length;
  return (2 * common) / (a.size + b.size);
}

export { RENAMES };
