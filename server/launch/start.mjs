/**
 * `npm start`. Only checks that this Node is new enough to read the rest, so that an old one gets a
 * sentence instead of a syntax error: keep the syntax of this file old.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Archloom needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

import("./main.mjs").then((launcher) => launcher.main(process.argv.slice(2)));
