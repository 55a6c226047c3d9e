#!/usr/bin/env node
import { runCommand } from "./check.ts";

const [command, ...rest] = process.argv.slice(2);
if (command === "bake") {
  const { runBake } = await import("./bake/bake.ts");
  process.exitCode = await runBake(rest);
} else {
  const { status, output, error } = runCommand(process.argv.slice(2));
  if (output !== "") console.log(output);
  if (error !== "") console.error(error);
  process.exitCode = status;
}
