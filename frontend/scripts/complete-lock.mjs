// npm leaves optional packages of other platforms out of the lock when the registry cannot serve one of
// them, and every later `npm ci` then fails with "Missing: … from lock file". Run after `npm install`:
// it adds the missing entries, with what the registry knows of them.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const packages = lock.packages;

/** The lock path where Node would find `dependency` when required from `from`, or null. */
function locate(from, dependency) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const path = `${folder ? `${folder}/` : ""}node_modules/${dependency}`;
    if (packages[path]) return path;
    if (!folder) return null;
    if (!folder.includes("/node_modules/")) folder = "";
  }
}

/** os and cpu as far as a platform package's name tells them: npm only installs a match. */
function guess(name) {
  const systems = ["android", "darwin", "freebsd", "linux", "openbsd", "win32", "wasm32"];
  const processors = ["arm64", "x64", "arm", "ia32", "riscv64", "s390x", "ppc64", "wasm32", "wasi"];
  const words = name.split(/[-/]/);
  return {
    os: systems.filter((word) => words.includes(word)),
    cpu: processors.filter((word) => words.includes(word)),
    libc: words.includes("musl") ? ["musl"] : undefined,
  };
}

function describe(name, version) {
  try {
    const out = execFileSync("npm", ["view", `${name}@${version}`, "--json"], { stdio: ["ignore", "pipe", "ignore"] });
    const { os, cpu, libc, engines, license, dist } = JSON.parse(out);
    return { integrity: dist.integrity, cpu, libc, license, os, engines };
  } catch {
    return guess(name);
  }
}

for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (!/^\d/.test(version) || locate(path, name)) continue;
    const entry = { version, optional: true, ...(dev && { dev }), ...describe(name, version) };
    packages[`node_modules/${name}`] = JSON.parse(JSON.stringify(entry));
    console.log(`added ${name}@${version}${entry.integrity ? "" : " (unknown to the registry)"}`);
  }
}
// Addresses say nothing that an installation needs; the lock carries versions and hashes alone.
for (const entry of Object.values(packages)) {
  delete entry.funding;
  delete entry.resolved;
  if (entry.deprecated?.includes("://")) entry.deprecated = "deprecated";
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
