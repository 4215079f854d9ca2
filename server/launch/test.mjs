/** `npm test`: like start.mjs, only checks that this Node can read the rest. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Archloom's tests need Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

import("./test-run.mjs").then((tests) => tests.main(process.argv.slice(2)));
