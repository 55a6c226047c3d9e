#!/usr/bin/env node
import { runCommand } from "./check.ts";

const { status, output, error } = runCommand(process.argv.slice(2));
if (output !== "") console.log(output);
if (error !== "") console.error(error);
process.exitCode = status;
