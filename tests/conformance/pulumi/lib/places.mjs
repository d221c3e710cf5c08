// Where things are: the judges' own folder and the scratch folder beside the installed tools.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const home = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
export const cache = process.env.CONFORM_CACHE ?? path.join(home, "..", "..", "..", ".conformance", "cache");
fs.mkdirSync(cache, { recursive: true });
