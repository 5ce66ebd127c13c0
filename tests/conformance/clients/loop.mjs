// The same as loop.py for clients that run in Node. The first argument is the folder whose node_modules holds them.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const require = createRequire(pathToFileURL(join(folder, "package.json")));

export const load = (name) => import(pathToFileURL(require.resolve(name)));

export const versionOf = (name) => JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;

const told = (error) => ({
  class: error.constructor.name,
  message: String(error.message),
  status_code: error.status ?? error.statusCode ?? null,
  code: error.code ?? null,
  param: error.param ?? null,
  type: error.type ?? null,
  request_id: error.requestID ?? null,
  headers: error.headers instanceof Headers ? Object.fromEntries(error.headers) : {},
});

export async function serve(operations, versions) {
  console.log = console.error; // whatever a library prints is not to be taken for a reply
  const reply = (value) => process.stdout.write(JSON.stringify(value) + "\n");
  reply(versions);
  for await (const line of createInterface({ input: process.stdin })) {
    const { op, base_url, key, arguments: given } = JSON.parse(line);
    try {
      reply({ value: await operations[op](base_url, key, given) });
    } catch (error) {
      reply({ error: told(error) });
    }
  }
}
