import { describe, expect, test } from "vitest";
import { parseStartOptions } from "./options.mjs";

describe("the arguments of npm start", () => {
  test("without any, the launcher chooses the port and opens a browser", () => {
    expect(parseStartOptions([])).toEqual({ port: undefined, open: true, help: false });
  });

  test("port 0 is a wish for any free port, not the absence of one", () => {
    expect(parseStartOptions(["--port", "0", "--no-open"])).toEqual({ port: 0, open: false, help: false });
  });

  test.each(["70000", "-1", "80.5", "0x50", "many", ""])("the port %j is refused in one sentence", (port) => {
    expect(() => parseStartOptions([`--port=${port}`])).toThrow(/^--port takes a number from 0 to 65535/);
  });

  test("an unknown option is refused with a hint", () => {
    expect(() => parseStartOptions(["--prot", "1"])).toThrow("npm start -- --help");
  });
});
