// SPDX-License-Identifier: Apache-2.0
// node ajv_judge.mjs MODULES SCHEMAS NAME: says pass or fail of each document on standard input,
// one on a line, by SCHEMAS/NAME.schema.json. MODULES is the folder that has ajv.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";

const [modules, schemas, name] = process.argv.slice(2);
const Ajv = createRequire(join(modules, "x.js"))("ajv/dist/2020").default;
const read = (file) => JSON.parse(readFileSync(join(schemas, file), "utf8"));

// Strict where it finds mistakes; unions of types and conditional `required` are meant.
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
ajv.addSchema(read("product.schema.json"), "product.schema.json");
if (name !== "product") {
  ajv.addSchema(read(`${name}.schema.json`), `${name}.schema.json`);
}
const validate = ajv.getSchema(`${name}.schema.json`);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(validate(JSON.parse(line)) ? "pass\n" : "fail\n");
}
